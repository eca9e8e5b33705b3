package almanac.bench;

import com.netflix.hollow.api.consumer.HollowConsumer;
import com.netflix.hollow.api.consumer.fs.HollowFilesystemBlobRetriever;
import com.netflix.hollow.core.index.HollowPrimaryKeyIndex;
import com.netflix.hollow.core.read.engine.HollowReadStateEngine;
import com.netflix.hollow.core.read.engine.list.HollowListTypeReadState;
import com.netflix.hollow.core.read.engine.object.HollowObjectTypeReadState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Consumer FOLDER VERSION NAMESPACE NAME: prints the uri of that service and ends: a cold start.
 *
 * <p>Consumer FOLDER VERSION KEYS: looks up the "namespace TAB name" of each line of KEYS in random order, round after round, and
 * prints how long each round took, what the heap holds, and how long it takes to open the same again once that was done.
 *
 * <p>It reads through the type states, beneath the API that Hollow generates, which is the shortest way there is.
 */
final class Consumer {
  private static final int WARM_UP_LOOKUPS = 2_000_000; // by then the compiler has done what it will do
  private static final int ROUNDS = 9;
  private static final int OPENINGS = 3; // after the first one

  private final long openNanoseconds;
  private final HollowPrimaryKeyIndex index;
  private final HollowObjectTypeReadState services;
  private final HollowListTypeReadState endpointLists;
  private final HollowObjectTypeReadState endpoints;
  private final int endpointsField;
  private final int uriField;

  private Consumer(Path folder, long version) {
    long begin = System.nanoTime();
    HollowConsumer consumer = HollowConsumer.withBlobRetriever(new HollowFilesystemBlobRetriever(folder)).build();
    consumer.triggerRefreshTo(version);
    HollowReadStateEngine state = consumer.getStateEngine();
    index = new HollowPrimaryKeyIndex(state, "Service", "namespace.value", "name.value");
    services = (HollowObjectTypeReadState) state.getTypeState("Service");
    endpointLists = (HollowListTypeReadState) state.getTypeState("ListOfEndpoint");
    endpoints = (HollowObjectTypeReadState) state.getTypeState("Endpoint");
    endpointsField = services.getSchema().getPosition("endpoints");
    uriField = endpoints.getSchema().getPosition("uri");
    openNanoseconds = System.nanoTime() - begin;
  }

  /** The first uri; empty where the service has none. */
  private String find(String namespace, String name) {
    int service = index.getMatchingOrdinal(namespace, name);
    if (service < 0) throw new IllegalArgumentException(namespace + " has no " + name);
    int list = services.readOrdinal(service, endpointsField);
    if (list < 0 || endpointLists.size(list) == 0) return "";
    return endpoints.readString(endpointLists.getElementOrdinal(list, 0), uriField);
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    long version = Long.parseLong(arguments[1]);
    Consumer consumer = new Consumer(folder, version);
    if (arguments.length == 4) {
      System.out.println(consumer.find(arguments[2], arguments[3]));
    } else {
      consumer.measure(folder, version, Path.of(arguments[2]));
    }
  }

  private void measure(Path folder, long version, Path keys) throws IOException {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    long heap = runtime.totalMemory() - runtime.freeMemory();
    long resident = residentBytes();
    StringBuilder openings = new StringBuilder();
    for (int i = 0; i < OPENINGS; ++i) openings.append(i == 0 ? "" : ",").append(new Consumer(folder, version).openNanoseconds);
    List<String> lines = new ArrayList<>(Files.readAllLines(keys));
    Collections.shuffle(lines, new Random(1));
    String[] namespaces = new String[lines.size()];
    String[] names = new String[lines.size()];
    for (int i = 0; i < namespaces.length; ++i) {
      String[] key = lines.get(i).split("\t");
      namespaces[i] = key[0];
      names[i] = key[1];
    }
    StringBuilder rounds = new StringBuilder();
    long characters = 0;
    for (int round = -WARM_UP_LOOKUPS / names.length - 1; round < ROUNDS; ++round) {
      characters = 0;
      long begin = System.nanoTime();
      for (int i = 0; i < namespaces.length; ++i) characters += find(namespaces[i], names[i]).length();
      long nanoseconds = System.nanoTime() - begin;
      if (round >= 0) rounds.append(round == 0 ? "" : ",").append(nanoseconds);
    }
    System.out.printf("{\"open_ns\":%d,\"open_again_ns\":[%s],\"heap_bytes\":%d,\"resident_bytes\":%d,\"lookups\":%d,"
        + "\"uri_characters\":%d,\"round_ns\":[%s]}%n",
        openNanoseconds, openings, heap, resident, namespaces.length, characters, rounds);
  }

  private static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
    throw new IOException("/proc/self/status has no VmRSS");
  }
}
