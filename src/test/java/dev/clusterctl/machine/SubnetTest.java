package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.IpAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetTest {
  @ParameterizedTest
  @CsvSource({
    "192.168.16.0/24, 192.168.16.0/24, true",
    "192.168.16.0/24, 192.168.0.0/16, true",
    "192.168.16.128/25, 192.168.16.0/24, true",
    "192.168.16.0/24, 192.168.17.0/24, false",
    "192.168.16.0/25, 192.168.16.128/25, false",
    "0.0.0.0/0, 255.255.255.255/32, true"
  })
  void networksOverlapWhereTheyShareAnAddress(String one, String other, boolean overlap) {
    assertThat(Subnet.parse(one).overlaps(Subnet.parse(other))).isEqualTo(overlap);
    assertThat(Subnet.parse(other).overlaps(Subnet.parse(one))).isEqualTo(overlap);
  }

  @Test
  void anAddressWithinStandsForItsNetwork() {
    assertThat(Subnet.parse("10.99.3.77/24")).hasToString("10.99.3.0/24");
  }

  @Test
  void theFirstFreeAddressIsNeitherTheNetworksNorTaken() {
    Subnet tiny = Subnet.parse("10.0.0.0/30");
    assertThat(tiny.firstFree(Set.of())).contains(new IpAddress("10.0.0.1"));
    assertThat(tiny.firstFree(Set.of(new IpAddress("10.0.0.1"))))
        .contains(new IpAddress("10.0.0.2"));
    assertThat(tiny.firstFree(Set.of(new IpAddress("10.0.0.1"), new IpAddress("10.0.0.2"))))
        .isEmpty();
  }
}
