package dev.clusterctl.operation.files;

import java.nio.file.Path;

/**
 * A file that is uploaded.
 *
 * @param id its number in the test, from 1
 * @param size in bytes
 */
record UploadFile(int id, Path path, long size) {}
