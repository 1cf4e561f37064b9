package dev.clusterctl;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.clusterctl");

  @Test
  void eachRoomUsesOnlyTheRoomsBelowIt() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.clusterctl..")
        .withOptionalLayers(true)
        .layer("cli")
        .definedBy("dev.clusterctl.cli..")
        .layer("operation")
        .definedBy("dev.clusterctl.operation..")
        .layer("output")
        .definedBy("dev.clusterctl.output..")
        .layer("machine")
        .definedBy("dev.clusterctl.machine..")
        .layer("mysql")
        .definedBy("dev.clusterctl.mysql..")
        .layer("load")
        .definedBy("dev.clusterctl.load..")
        .layer("proxy")
        .definedBy("dev.clusterctl.proxy..")
        .layer("render")
        .definedBy("dev.clusterctl.render..")
        .layer("download")
        .definedBy("dev.clusterctl.download..")
        .layer("step")
        .definedBy("dev.clusterctl.step..")
        .layer("remote")
        .definedBy("dev.clusterctl.remote..")
        .layer("topology")
        .definedBy("dev.clusterctl.topology..")
        .layer("dialect")
        .definedBy("dev.clusterctl.dialect..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("operation")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("output")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("machine")
        .mayOnlyBeAccessedByLayers("cli", "operation")
        .whereLayer("load")
        .mayOnlyBeAccessedByLayers("cli", "operation")
        .whereLayer("mysql")
        .mayOnlyBeAccessedByLayers("cli", "operation", "load")
        .whereLayer("proxy")
        .mayOnlyBeAccessedByLayers("cli", "operation")
        .whereLayer("download")
        .mayOnlyBeAccessedByLayers("cli", "operation")
        .whereLayer("render")
        .mayOnlyBeAccessedByLayers("cli", "operation", "machine")
        .whereLayer("step")
        .mayOnlyBeAccessedByLayers(
            "cli", "operation", "output", "machine", "mysql", "load", "proxy", "remote", "download")
        .whereLayer("remote")
        .mayOnlyBeAccessedByLayers("cli", "operation", "machine", "mysql", "proxy")
        .check(CLASSES);
  }

  @Test
  void jschAppearsInTheRemoteRoomOnly() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage("dev.clusterctl.remote..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.jcraft.jsch..")
        .check(CLASSES);
  }
}
