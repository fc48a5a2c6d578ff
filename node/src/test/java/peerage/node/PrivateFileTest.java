package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateFileTest {
  @TempDir private Path folder;

  @Test
  void aFileIsReplacedAsAWholeAndNothingElseIsLeft() throws IOException {
    Path file = folder.resolve("peers");
    PrivateFile.replace(file, UTF_8.encode("the first, which is longer"));
    PrivateFile.replace(file, UTF_8.encode("the second"));
    assertThat(file).hasContent("the second");
    assertThat(folder).isDirectoryContaining(file::equals);
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void nobodyElseMayReadIt() throws IOException {
    Path file = Files.writeString(folder.resolve("peers"), "open to all");
    PrivateFile.replace(file, UTF_8.encode("ours"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void whereTheNewOneCannotBeWrittenTheOldOneStays() throws IOException {
    Path file = Files.writeString(folder.resolve("peers"), "the old one");
    Files.createDirectory(folder.resolve("peers.new"));
    assertThatThrownBy(() -> PrivateFile.replace(file, UTF_8.encode("the new one")))
        .isInstanceOf(IOException.class);
    assertThat(file).hasContent("the old one");
  }
}
