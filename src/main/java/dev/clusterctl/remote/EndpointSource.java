package dev.clusterctl.remote;

/** Says where a machine is; asked at every new connection, as machines may have moved. */
@FunctionalInterface
public interface EndpointSource {

  /**
   * @throws RemoteException if the machine isn't there or its host key isn't known
   */
  Endpoint endpoint() throws RemoteException;
}
