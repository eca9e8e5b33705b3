// The same from a registry that is followed, over a store of the program's own: almanac::reader alone.
#include <almanac/registry.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace {

class Folder : public almanac::Store {
 public:
  explicit Folder(std::string root) : root_(std::move(root)) {}
  [[nodiscard]] std::string_view name() const noexcept override { return root_; }
  [[nodiscard]] std::optional<almanac::Object> get(std::string_view key, const almanac::GetOptions& options) override {
    std::ifstream file(root_ + '/' + std::string(key), std::ios::binary);
    if (!file) throw almanac::Error(almanac::ErrorCode::kNotFound, root_, "has no " + std::string(key));
    almanac::Object object;
    std::vector<char> text{std::istreambuf_iterator<char>(file), {}};
    object.size = text.size();
    const auto bytes = std::as_bytes(std::span(text)).subspan(std::min<std::size_t>(options.offset, text.size()));
    const auto wanted = bytes.first(std::min<std::size_t>(options.size.value_or(bytes.size()), bytes.size()));
    object.bytes.assign(wanted.begin(), wanted.end());
    return object;
  }
  [[nodiscard]] bool put(std::string_view, std::span<const std::byte>, const almanac::PutCondition&) override { return false; }
  [[nodiscard]] std::vector<almanac::ObjectInfo> list(std::string_view) override { return {}; }
  [[nodiscard]] bool remove(std::string_view, const almanac::PutCondition&) override { return false; }

 private:
  std::string root_;
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) return 2;
  auto registry = almanac::Registry::open(std::make_shared<Folder>(argv[1]), {.namespace_name = argv[2]});
  const almanac::View view = registry.view();
  const auto found = view.find(argv[3]);
  if (!found) return 1;
  std::cout << found->uri() << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
