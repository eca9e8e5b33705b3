package almanac.bench;

import com.netflix.hollow.core.write.objectmapper.HollowInline;
import com.netflix.hollow.core.write.objectmapper.HollowPrimaryKey;
import com.netflix.hollow.core.write.objectmapper.HollowTypeName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A line of the registry, in the schema that Hollow's documentation advises: what repeats is a record of its own, which references
 * share (names stand in many namespaces), and what does not repeat, the uris, is inlined.
 */
@HollowPrimaryKey(fields = {"namespace", "name"})
final class Service {
  @HollowTypeName(name = "NamespaceName")
  String namespace;

  @HollowTypeName(name = "ServiceName")
  String name;

  @HollowTypeName(name = "Text")
  String description;

  @HollowTypeName(name = "Text")
  String value;

  Set<String> tags;
  Map<String, String> attributes;
  List<Endpoint> endpoints;

  static final class Endpoint {
    @HollowInline String uri;

    @HollowTypeName(name = "Version")
    String version;

    @HollowTypeName(name = "Zone")
    String zone;

    int weight = 1;
    Set<String> tags;
    Map<String, String> attributes;
  }
}
