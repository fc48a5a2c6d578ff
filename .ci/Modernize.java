import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/// Writes the classes of a jar anew in the class-file version of this JVM: `Modernize JAR`, with
/// the jar on the class path. The JVM's cache of classes refuses those of Java 5, and picocli still
/// ships such: a third of the start-up time went there (docs/performance.md).
final class Modernize {
  public static void main(String[] arguments) throws IOException {
    Path jar = Path.of(arguments[0]);
    Path modern = jar.resolveSibling(jar.getFileName() + ".new");
    try (JarFile in = new JarFile(jar.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(modern))) {
      for (JarEntry entry : in.stream().toList()) {
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        out.putNextEntry(new JarEntry(entry.getName()));
        out.write(entry.getName().endsWith(".class") ? modern(bytes) : bytes);
      }
    }
    Files.move(modern, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] modern(byte[] bytes) {
    ClassFile files = ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
    ClassModel model = files.parse(bytes);
    if (model.isModuleInfo()) {
      return bytes;
    }
    ClassTransform version =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(ClassFile.latestMajorVersion(), 0);
          } else {
            builder.with(element);
          }
        };
    // A method's code is taken apart and put together again, which works out its stack maps.
    ClassTransform stackMaps = ClassTransform.transformingMethodBodies(CodeBuilder::with);
    return files.transformClass(model, version.andThen(stackMaps));
  }
}
