package dev.clusterctl.dialect;

import dev.clusterctl.topology.Replication.CommunicationStack;
import dev.clusterctl.topology.Replication.Consistency;
import dev.clusterctl.topology.Replication.ExitStateAction;
import java.util.Optional;

/**
 * What decides how fast and how safely a group gets over the loss of a member, as one version of
 * MySQL will have it; empty where the version has no such setting.
 *
 * @param memberExpelTimeout seconds after the 5 s that it takes to suspect a member
 * @param autorejoinTries five minutes apart
 * @param unreachableMajorityTimeout seconds
 */
public record FailoverSettings(
    Optional<Integer> memberExpelTimeout,
    Optional<ExitStateAction> exitStateAction,
    Optional<Consistency> consistency,
    Optional<Integer> autorejoinTries,
    Optional<Integer> unreachableMajorityTimeout,
    CommunicationStack communicationStack) {}
