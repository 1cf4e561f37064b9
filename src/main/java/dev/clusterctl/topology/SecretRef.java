package dev.clusterctl.topology;

import java.nio.file.Path;

/** Where a password comes from. Never the password itself, unless the user wrote it in clear. */
public sealed interface SecretRef {

  /** clusterctl makes one and keeps it in its state directory, mode 0600. */
  record Generated() implements SecretRef {}

  /** {@code ${env:NAME}}. */
  record FromEnvironment(String variable) implements SecretRef {}

  /** {@code ${file:PATH}}: the file's first line; relative to the cluster.yaml. */
  record FromFile(Path path) implements SecretRef {}

  /** Written in clear in the cluster.yaml: allowed, warned about. */
  record Literal(String value) implements SecretRef {
    @Override
    public String toString() {
      return "Literal[value=***]";
    }
  }
}
