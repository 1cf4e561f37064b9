package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTest {
  @Test
  void aHybridHostLendsItsUnifiedTree() throws Exception {
    assertThat(Engine.initOptions("1", false, true))
        .containsExactly("--cgroupns=host", "--volume=/sys/fs/cgroup/unified:/sys/fs/cgroup:rw");
  }

  @Test
  void aHostWithVersion2LendsItsOnlyTree() throws Exception {
    assertThat(Engine.initOptions("2", false, false))
        .isEqualTo(List.of("--cgroupns=host", "--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw"));
  }

  @Test
  void appArmorsDefaultProfileIsTakenOffAsItForbidsMounting() throws Exception {
    assertThat(Engine.initOptions("2", true, false)).contains("--security-opt=apparmor=unconfined");
  }

  @Test
  void aHostWithVersion1OnlyIsRefused() {
    assertThatThrownBy(() -> Engine.initOptions("1", false, false))
        .isInstanceOfSatisfying(
            MachineException.class,
            e -> assertThat(e.advice()).contains("systemd.unified_cgroup_hierarchy=1"));
  }
}
