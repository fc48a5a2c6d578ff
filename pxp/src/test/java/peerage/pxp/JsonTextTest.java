package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.MalformedMessage;

final class JsonTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "-0",
        "1.50E+07",
        "\"\"",
        "\"a\\u0041\\/\\n\\\"é\uD83D\uDE00\\ud83d\\ude00\"",
        "{}",
        "[]",
        "[ 1 ,\t[ ] , {\"\" : null} ]",
        "{\"pxp\":true , \"new\" : {\"x\":[1.0,\"\\u00e9\"]},\"__proto__\":{}}",
      })
  void aValueKeepsItsExactTextAlsoInsideOfOthers(String text) throws MalformedMessage {
    assertThat(JsonText.parse("  " + text + " ").text()).isEqualTo(text);
    JsonValue list = JsonText.parse("[0,  " + text + "  ,\"z\"]").value();
    assertThat(((JsonValue.Items) list).values().get(1).text().text()).isEqualTo(text);
    JsonValue fields = JsonText.parse("{\"é\" :" + text + "}").value();
    assertThat(((JsonValue.Fields) fields).values().firstEntry().getValue().text())
        .hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "01",
        "+1",
        ".5",
        "1.",
        "0x10",
        "NaN",
        "Infinity",
        "\"",
        "\"\\x\"",
        "\"\t\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud800x\"",
        "\uD800",
        "\"\uD800\"",
        "{\"\\ud800\":1}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"a\"}",
        "{a:1}",
        "{\"a\":1,}",
        "[1,]",
        "[1 2]",
        "[",
        "]",
        "[}",
        "1 2",
        "// c\n1",
        "[1,\n2]",
        "\uFEFF1",
        "\u00A01",
      })
  void whatIsNoJsonIsMalformed(String text) {
    assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> JsonText.parse(text));
  }

  @Test
  void whatIsBeyondTheBoundsIsMalformed() throws MalformedMessage {
    List<String> within =
        List.of(
            "[".repeat(16) + "]".repeat(16),
            "9".repeat(64),
            "{\"" + "a".repeat(256) + "\":1}",
            "\"" + "a".repeat(65_534) + "\"");
    for (String text : within) {
      assertThat(JsonText.parse(text).text()).isEqualTo(text);
    }
    List<String> beyond =
        List.of(
            "[".repeat(17) + "]".repeat(17),
            "[".repeat(30_000) + "]".repeat(30_000),
            "{\"a\":".repeat(10_000),
            "9".repeat(65),
            "1e" + "9".repeat(64),
            "{\"" + "a".repeat(257) + "\":1}",
            "\"" + "a".repeat(65_535) + "\"",
            "[" + "0,".repeat(20_000) + "0]");
    for (String text : beyond) {
      assertThatExceptionOfType(MalformedMessage.class)
          .as(text.substring(0, 10))
          .isThrownBy(() -> JsonText.parse(text));
    }
  }

  @Test
  void aNumberTooLargeForJavaScriptIsStillPassedOn() throws MalformedMessage {
    JsonText huge = JsonText.parse("1e999999999");
    assertThat(huge.text()).isEqualTo("1e999999999");
    assertThat(((JsonValue.Numeric) huge.value()).whole()).isEmpty();
  }

  @Test
  void aStringIsWrittenAsJavaScriptWritesIt() throws MalformedMessage {
    String text = "\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028é\uD83D\uDE00\uD800";
    assertThat(JsonText.ofString(text).text())
        .isEqualTo("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f\u2028é\uD83D\uDE00\\ud800\"");
    assertThat(JsonText.ofString("a\"b").string()).contains("a\"b");
    assertThat(JsonText.parse("7").string()).isEmpty();
  }
}
