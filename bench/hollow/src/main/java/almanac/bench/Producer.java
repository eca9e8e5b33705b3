package almanac.bench;

import com.google.gson.Gson;
import com.netflix.hollow.api.producer.HollowProducer;
import com.netflix.hollow.api.producer.fs.HollowFilesystemPublisher;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Producer SOURCE FOLDER: JSON Lines to a Hollow blob in FOLDER, whose version and times it prints. */
final class Producer {
  public static void main(String[] arguments) throws IOException {
    long begin = System.nanoTime();
    List<Service> services = read(Path.of(arguments[0]));
    long read = System.nanoTime();
    HollowProducer producer =
        HollowProducer.withPublisher(new HollowFilesystemPublisher(Path.of(arguments[1]))).withNumStatesBetweenSnapshots(0).build();
    producer.initializeDataModel(Service.class);
    long version = producer.runCycle(state -> services.forEach(state::add));
    System.out.printf("{\"services\":%d,\"version\":%d,\"read_ns\":%d,\"produce_ns\":%d}%n",
        services.size(), version, read - begin, System.nanoTime() - read);
  }

  private static List<Service> read(Path source) throws IOException {
    Gson gson = new Gson();
    List<Service> services = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(source)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Service service = gson.fromJson(line, Service.class);
        if (service.name != null) services.add(service);  // the first line names the registry
      }
    }
    return services;
  }
}
