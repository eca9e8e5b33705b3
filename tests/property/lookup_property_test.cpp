// What holds of every registry: the snapshot has each service with each of its fields, and nothing else.
#include <almanac/snapshot.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "property/random_registry.h"
#include "property/random_seed.h"

namespace almanac {
namespace {

using property::below;
using property::Random;

// A registry and its snapshot.
struct Compiled {
  explicit Compiled(const std::vector<support::NamespaceBuilder>& namespaces)
      : registry(support::registry(namespaces)),
        bytes(support::snapshot_of(registry)),
        snapshot(Snapshot::from_bytes(bytes, "random.almanac")) {}
  model::Registry registry;
  std::vector<std::byte> bytes;
  Snapshot snapshot;
};

class LookupProperty : public testing::Test {
 protected:
  // Registries of growing size: what fails in a small one is easier to understand.
  void for_random_registries(const std::function<void(const Compiled&)>& check) {
    for (const std::size_t services : {1U, 3U, 10U, 33U, 100U, 400U, 1000U, 3000U}) {
      const Compiled compiled(property::random_namespaces(random_, services));
      SCOPED_TRACE(std::to_string(services) + " services");
      check(compiled);
      if (HasFailure()) return;
    }
  }

  Random random_{property::random_seed()};
};

template <class Expected>
void expect_tags(const Tags& tags, const Expected& expected) {
  EXPECT_EQ(tags.size(), expected.size());
  EXPECT_EQ(tags.empty(), expected.empty());
  EXPECT_TRUE(std::ranges::equal(std::vector<std::string_view>(tags.begin(), tags.end()), expected));
  for (const std::string_view tag : expected) EXPECT_TRUE(tags.contains(tag)) << tag;
}

void expect_attributes(const Attributes& attributes, std::span<const model::Attribute> expected) {
  EXPECT_EQ(attributes.size(), expected.size());
  auto next = attributes.begin();
  for (const model::Attribute& attribute : expected) {
    ASSERT_NE(next, attributes.end());
    EXPECT_EQ((*next).key, attribute.key);
    EXPECT_EQ((*next).value, attribute.value);
    EXPECT_EQ(attributes.find(attribute.key), attribute.value);
    ++next;
  }
  EXPECT_EQ(next, attributes.end());
}

void expect_endpoint(const Endpoint& endpoint, const model::Endpoint& expected) {
  EXPECT_EQ(endpoint.uri(), expected.uri);
  EXPECT_EQ(endpoint.version(), expected.version);
  EXPECT_EQ(endpoint.zone(), expected.zone);
  EXPECT_EQ(endpoint.weight(), expected.weight);
  expect_tags(endpoint.tags(), expected.tags);
  expect_attributes(endpoint.attributes(), expected.attributes);
}

void expect_service(const Service& service, const model::Service& expected) {
  SCOPED_TRACE("service " + std::string(expected.name));
  EXPECT_EQ(service.name(), expected.name);
  EXPECT_EQ(service.value(), expected.value);
  EXPECT_EQ(service.description(), expected.description);
  EXPECT_EQ(service.uri(), expected.endpoints.empty() ? std::string_view() : expected.endpoints.front().uri);
  expect_tags(service.tags(), expected.tags);
  expect_attributes(service.attributes(), expected.attributes);
  EXPECT_EQ(service.endpoints().size(), expected.endpoints.size());
  auto next = service.endpoints().begin();
  for (const model::Endpoint& endpoint : expected.endpoints) expect_endpoint(*next++, endpoint);
}

// The names that `services` gives, in its order.
std::vector<std::string_view> names_of(const Services& services) {
  std::vector<std::string_view> names;
  for (const Service& service : services) names.push_back(service.name());
  return names;
}

template <class Keep>
std::vector<std::string_view> names_where(const model::Namespace& space, Keep keep) {
  std::vector<std::string_view> names;
  for (const model::Service& service : space.services) {
    if (keep(service)) names.push_back(service.name);
  }
  return names;
}

// Texts that differ from `name` by one byte more, less or different, or by two that changed places.
std::vector<std::string> neighbours(Random& random, std::string_view name) {
  const std::string text(name);
  std::vector<std::string> all = {"", text + '\0', text + "/", text.substr(1), text.substr(0, text.size() - 1), " " + text, text + text};
  const std::size_t at = below(random, text.size());
  std::string changed = text;
  changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << below(random, 8)));
  all.push_back(changed);
  std::string shorter = text;
  all.push_back(shorter.erase(at, 1));
  std::string longer = text;
  all.push_back(longer.insert(at, 1, static_cast<char>(below(random, 256))));
  std::string exchanged = text;
  std::swap(exchanged[at], exchanged[(at + 1) % text.size()]);
  all.push_back(exchanged);
  return all;
}

TEST_F(LookupProperty, NamespacesAreThoseOfTheRegistry) {
  for_random_registries([](const Compiled& compiled) {
    ASSERT_EQ(compiled.snapshot.namespace_count(), compiled.registry.namespaces.size());
    EXPECT_EQ(compiled.snapshot.registry_name(), compiled.registry.name);
    EXPECT_EQ(compiled.snapshot.revision(), compiled.registry.revision);
    for (std::size_t i = 0; i < compiled.registry.namespaces.size(); ++i) {
      const model::Namespace& space = compiled.registry.namespaces[i];
      const NamespaceInfo info = compiled.snapshot.namespace_info(i);
      EXPECT_EQ(info.name, space.name);
      EXPECT_EQ(info.services, space.services.size());
      EXPECT_TRUE(compiled.snapshot.has_namespace(space.name));
      EXPECT_EQ(compiled.snapshot.in(space.name).size(), space.services.size());
    }
    EXPECT_FALSE(compiled.snapshot.has_namespace(""));
    EXPECT_NO_THROW(compiled.snapshot.verify());
  });
}

TEST_F(LookupProperty, EveryNameIsFoundWithEveryField) {
  for_random_registries([](const Compiled& compiled) {
    for (const model::Namespace& space : compiled.registry.namespaces) {
      const Namespace services = compiled.snapshot.in(space.name);
      for (const model::Service& expected : space.services) {
        const auto found = services.find(expected.name);
        ASSERT_TRUE(found.has_value()) << expected.name;
        expect_service(*found, expected);
      }
    }
  });
}

TEST_F(LookupProperty, NoOtherNameIsFound) {
  for_random_registries([this](const Compiled& compiled) {
    std::set<std::string_view> everywhere;
    for (const model::Namespace& space : compiled.registry.namespaces) {
      for (const model::Service& service : space.services) everywhere.insert(service.name);
    }
    for (const model::Namespace& space : compiled.registry.namespaces) {
      const Namespace services = compiled.snapshot.in(space.name);
      std::set<std::string_view> here;
      for (const model::Service& service : space.services) here.insert(service.name);
      for (const std::string_view name : everywhere) EXPECT_EQ(services.contains(name), here.contains(name)) << name;
      for (const std::string_view name : here) {
        for (const std::string& other : neighbours(random_, name)) EXPECT_EQ(services.contains(other), here.contains(other)) << other;
      }
      for (int i = 0; i < 100; ++i) {
        const std::string name = property::random_name(random_);
        EXPECT_EQ(services.contains(name), here.contains(name)) << name;
      }
    }
  });
}

TEST_F(LookupProperty, WalkIsCompleteAndInByteOrder) {
  for_random_registries([](const Compiled& compiled) {
    for (const model::Namespace& space : compiled.registry.namespaces) {
      const Namespace services = compiled.snapshot.in(space.name);
      auto next = services.begin();
      for (const model::Service& expected : space.services) {
        ASSERT_NE(next, services.end());
        expect_service(*next, expected);
        ++next;
      }
      EXPECT_EQ(next, services.end());
      // std::string_view compares as unsigned bytes: the order of the format.
      EXPECT_TRUE(std::ranges::is_sorted(names_of(services.services())));
    }
  });
}

TEST_F(LookupProperty, UnderAPrefixAreThoseThatBeginWithIt) {
  for_random_registries([this](const Compiled& compiled) {
    for (const model::Namespace& space : compiled.registry.namespaces) {
      const Namespace services = compiled.snapshot.in(space.name);
      std::vector<std::string> prefixes = {"",          "\x01",          "\xff", "s",    "service-",
                                           "payments/", "payments/api/", "サ",   "zzzz", property::random_name(random_)};
      for (int i = 0; i < 40 && !space.services.empty(); ++i) {
        const std::string name(space.services[below(random_, space.services.size())].name);
        prefixes.push_back(name);
        prefixes.push_back(name.substr(0, below(random_, name.size() + 1)));
        prefixes.push_back(name + '\0');
        ++prefixes.emplace_back(name).back();
      }
      for (const std::string& prefix : prefixes) {
        const auto expected = names_where(space, [&](const model::Service& service) { return service.name.starts_with(prefix); });
        EXPECT_EQ(names_of(services.under(prefix)), expected) << "under " << prefix;
        EXPECT_EQ(services.under(prefix).empty(), expected.empty());
      }
    }
  });
}

TEST_F(LookupProperty, TaggedAreThoseWithTheTag) {
  for_random_registries([](const Compiled& compiled) {
    std::set<std::string_view> tags = {"", "no such tag"};
    for (const model::Namespace& space : compiled.registry.namespaces) {
      for (const model::Service& service : space.services) tags.insert(service.tags.begin(), service.tags.end());
    }
    for (const model::Namespace& space : compiled.registry.namespaces) {
      const Namespace services = compiled.snapshot.in(space.name);
      for (const std::string_view tag : tags) {
        const auto has_tag = [&](const model::Service& service) { return std::ranges::find(service.tags, tag) != service.tags.end(); };
        EXPECT_EQ(names_of(services.tagged(tag)), names_where(space, has_tag)) << "tagged " << tag;
        const auto under =
            names_where(space, [&](const model::Service& service) { return service.name.starts_with("s") && has_tag(service); });
        EXPECT_EQ(names_of(services.under("s").tagged(tag)), under) << "under s, tagged " << tag;
      }
    }
  });
}

}  // namespace
}  // namespace almanac
