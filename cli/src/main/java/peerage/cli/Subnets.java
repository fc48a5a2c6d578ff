package peerage.cli;

import peerage.peers.Subnet;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a block of addresses.
final class Subnets implements ITypeConverter<Subnet> {
  Subnets() {}

  @Override
  public Subnet convert(String text) {
    return Subnet.parse(text)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' is no block of addresses; write it as 10.0.0.0/8"));
  }
}
