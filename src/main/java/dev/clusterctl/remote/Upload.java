package dev.clusterctl.remote;

import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * A file of this host, of any size, for a machine, where anyone may read it.
 *
 * @param source where it is here; mustn't change while it is sent
 * @param size in bytes
 * @param sha256 64 lower-case hexadecimal digits; what arrives with another sum is thrown away
 * @param path where it goes, absolute
 * @param owner {@code user:group}
 * @param sent told now and then how many bytes have been sent
 */
public record Upload(
    Path source, long size, String sha256, String path, String owner, LongConsumer sent) {}
