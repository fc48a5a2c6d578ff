package peerage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads compiled classes and says where a machine reaches for the world: a socket, a file, a
/// thread, a lock, a clock, a logger, chance that no seed repeats, or a collection whose order
/// differs from one JVM to the next.
///
/// It sees what a class file names, and so it sees through lambdas, method references and unused
/// code; it does not see what another module does on a machine's behalf.
public final class Purity {
  private static final Pattern TYPE_IN_DESCRIPTOR = Pattern.compile("L([^;<]+)[;<]");

  private Purity() {}

  /// Every breach in the class files below a folder, in the order of the file names, each as in
  /// `peerage.swarm.Judge: calls java.lang.System.nanoTime`. No line: the module is pure.
  public static List<String> violations(Path classes) {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .sorted()
          .map(Purity::read)
          .flatMap(bytes -> violations(bytes).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Every breach in one class file.
  public static List<String> violations(byte[] classFile) {
    ClassModel model = ClassFile.of().parse(classFile);
    String name = model.thisClass().asInternalName().replace('/', '.');
    SequencedSet<String> found = new LinkedHashSet<>();
    model.fields().forEach(field -> addTypes(field.fieldType().stringValue(), found));
    model.methods().forEach(method -> addTypes(method.methodType().stringValue(), found));
    model.constantPool().forEach(entry -> addReference(entry, found));
    addLocks(model, found);
    return found.stream().map(breach -> name + ": " + breach).toList();
  }

  private static void addReference(PoolEntry entry, SequencedSet<String> found) {
    switch (entry) {
      case MemberRefEntry member -> {
        String owner = member.owner().asInternalName();
        String signature = member.name().stringValue() + member.type().stringValue();
        if (Forbidden.member(owner, signature)) {
          String verb = member.type().stringValue().startsWith("(") ? "calls " : "reads ";
          found.add(verb + dotted(owner) + "." + member.name().stringValue());
        }
      }
      case ClassEntry type when type.asInternalName().startsWith("[") ->
          addTypes(type.asInternalName(), found);
      case ClassEntry type -> addType(type.asInternalName(), found);
      case NameAndTypeEntry description -> addTypes(description.type().stringValue(), found);
      default -> {} // numbers, strings and the like name nothing
    }
  }

  private static void addTypes(String descriptor, SequencedSet<String> found) {
    Matcher types = TYPE_IN_DESCRIPTOR.matcher(descriptor);
    while (types.find()) {
      addType(types.group(1), found);
    }
  }

  private static void addType(String internalName, SequencedSet<String> found) {
    if (Forbidden.type(internalName)) {
      found.add("uses " + dotted(internalName));
    }
  }

  private static void addLocks(ClassModel model, SequencedSet<String> found) {
    for (var method : model.methods()) {
      boolean monitors =
          method.code().stream()
              .flatMap(CodeModel::elementStream)
              .anyMatch(
                  element ->
                      element instanceof MonitorInstruction monitor
                          && monitor.opcode() == Opcode.MONITORENTER);
      if (monitors || method.flags().has(AccessFlag.SYNCHRONIZED)) {
        found.add("synchronizes in " + method.methodName().stringValue());
      }
    }
  }

  private static String dotted(String internalName) {
    return internalName.replace('/', '.').replace('$', '.');
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The rules, over names as a class file writes them.
  private static final class Forbidden {
    private static final Pattern TYPE =
        Pattern.compile(
            String.join(
                "|",
                "java/net/(?!URI$|URISyntaxException$|URLEncoder$|URLDecoder$).*",
                "javax/net/.*",
                "java/nio/(channels|file)/.*",
                "java/io/(File.*|RandomAccessFile|Console|PrintStream)",
                "java/lang/(Thread.*|InheritableThreadLocal|ScopedValue.*|Runtime|Process.*)",
                "java/lang/System\\$Logger.*",
                "java/util/logging/.*",
                "java/util/concurrent/(?!TimeUnit$).*",
                "java/util/(Timer|TimerTask|Date|Calendar|GregorianCalendar)",
                "java/time/(Clock|InstantSource)",
                "java/security/SecureRandom",
                "java/util/(HashMap|HashSet|Hashtable|IdentityHashMap|WeakHashMap)"));

    /// One key and one value have one order; more of them have as many as there are JVMs.
    private static final Pattern MEMBER =
        Pattern.compile(
            String.join(
                "|",
                "java/lang/System[.](?!arraycopy\\().*",
                "java/lang/Object[.](wait|notify|notifyAll)\\(.*",
                "java/lang/(Strict)?Math[.]random\\(.*",
                "java/time/[A-Za-z]+[.](now|systemDefault)\\(.*",
                "java/util/(Random|SplittableRandom)[.]<init>\\(\\)V",
                "java/util/random/RandomGenerator[.](getDefault|of)\\(.*",
                "java/util/random/RandomGeneratorFactory[.]create\\(\\).*",
                "java/util/UUID[.]randomUUID\\(.*",
                "java/util/Collections[.]shuffle\\(Ljava/util/List;\\)V",
                ".*[.](parallel|parallelStream)\\(\\).*",
                "java/util/Set[.]of\\((Ljava/lang/Object;){2,}\\).*",
                "java/util/Set[.]of\\(\\[.*",
                "java/util/Map[.]of\\((Ljava/lang/Object;){4,}\\).*",
                "java/util/Map[.]ofEntries\\(.*",
                "java/util/(Set|Map)[.]copyOf\\(.*",
                "java/util/stream/Collectors[.]to(Unmodifiable)?Set\\(.*",
                "java/util/stream/Collectors[.]toUnmodifiableMap\\(.*",
                "java/util/stream/Collectors[.]to(Concurrent)?Map"
                    + "\\((Ljava/util/function/[A-Za-z]+;)+\\)(?<!Supplier;\\)).*",
                "java/util/stream/Collectors[.]groupingBy(Concurrent)?"
                    + "\\(Ljava/util/function/Function;(Ljava/util/stream/Collector;)?\\).*"));

    static boolean type(String internalName) {
      return TYPE.matcher(internalName).matches();
    }

    static boolean member(String owner, String signature) {
      return MEMBER.matcher(owner + "." + signature).matches();
    }
  }
}
