package dev.clusterctl.topology;

import java.util.regex.Pattern;

/** An IPv4 address in dotted decimal notation, without leading zeros. */
public record IpAddress(String value) {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern VALID = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

  /**
   * @throws IllegalArgumentException if the text is not an IPv4 address
   */
  public IpAddress {
    if (!isValid(value)) {
      throw new IllegalArgumentException("'%s' is not an IPv4 address".formatted(value));
    }
  }

  /** Whether the text is an IPv4 address. */
  public static boolean isValid(String text) {
    return VALID.matcher(text).matches();
  }

  /** The address as an unsigned 32-bit number, 0 to 4294967295. */
  public long toLong() {
    long result = 0;
    for (String octet : value.split("\\.", -1)) {
      result = result * 256 + Integer.parseInt(octet);
    }
    return result;
  }

  /** Whether both addresses share the first {@code prefix} bits, 0 to 32. */
  public boolean sharesSubnet(IpAddress other, int prefix) {
    return prefix == 0 || toLong() >>> (32 - prefix) == other.toLong() >>> (32 - prefix);
  }

  /**
   * What tells this address from the others of its network: the last of its 32 bits.
   *
   * @param prefix length in bits of the network, 0 to 32
   */
  public long hostPart(int prefix) {
    return prefix == 0 ? toLong() : toLong() & (0xFFFFFFFFL >>> prefix);
  }

  /** The network of this address in CIDR notation, such as {@code 192.168.16.0/24}. */
  public String network(int prefix) {
    long mask = prefix == 0 ? 0 : (0xFFFFFFFFL << (32 - prefix)) & 0xFFFFFFFFL;
    long base = toLong() & mask;
    return "%d.%d.%d.%d/%d"
        .formatted(base >> 24, (base >> 16) & 255, (base >> 8) & 255, base & 255, prefix);
  }

  /**
   * The network of this address as the host part of a MySQL account: {@code
   * 192.168.16.0/255.255.255.0}, which all versions take (a prefix length only from 8.0.23).
   */
  public String netmaskPattern(int prefix) {
    String base = network(prefix);
    String mask = new IpAddress("255.255.255.255").network(prefix);
    return base.substring(0, base.indexOf('/')) + "/" + mask.substring(0, mask.indexOf('/'));
  }

  @Override
  public String toString() {
    return value;
  }
}
