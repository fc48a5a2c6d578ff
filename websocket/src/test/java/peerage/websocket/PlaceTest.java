package peerage.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlaceTest {
  @ParameterizedTest
  @CsvSource({
    "ws://192.0.2.7:8080/pxp, 192.0.2.7, 8080, /pxp",
    "ws://a.example, a.example, 80, /",
    "WSS://a.example/x/y?z=1, a.example, 443, /x/y",
    "wss://[2001:db8::1]:9/, 2001:db8::1, 9, /"
  })
  void saysWhereToConnect(URI uri, String host, int port, String path) throws IOException {
    Place place = Place.toConnect(uri);
    assertThat(place.host()).isEqualTo(host);
    assertThat(place.port()).isEqualTo(port);
    assertThat(place.path()).isEqualTo(path);
    assertThat(place.tls()).isEqualTo(uri.toString().toLowerCase(Locale.ROOT).startsWith("wss"));
  }

  @ParameterizedTest
  @CsvSource({
    "ws://:8080/pxp, '', 8080, /pxp",
    "ws://:0, '', 0, /",
    "ws://127.0.0.1, 127.0.0.1, 0, /",
    "wss://[::1]:8443/a, ::1, 8443, /a"
  })
  void saysWhereToListen(URI uri, String host, int port, String path) throws IOException {
    Place place = Place.toListen(uri);
    assertThat(place.host()).isEqualTo(host);
    assertThat(place.port()).isEqualTo(port);
    assertThat(place.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ws:///pxp", "ws://:80/", "ws://a:0/", "ws://a:65536/", "ws://u@a/", "ws:x"})
  void whatIsNoPlaceIsRefusedWithAnExample(URI uri) {
    assertThatThrownBy(() -> Place.toConnect(uri))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ws://192.0.2.7:8080/pxp");
  }
}
