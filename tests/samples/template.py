"""CloudFormation templates as their parser sees them: YAML with the short forms of functions, put in as for one stack."""
import re
import sys

try:
    import yaml
except ImportError as missing:
    sys.exit(f"template.py: {missing}; run it with /usr/bin/python3 and install what it needs:\n"
             "  apt-get install -y python3-yaml")

PSEUDO_PARAMETERS = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "123456789012"}


class Loader(yaml.SafeLoader):
    """Refuses what CloudFormation refuses: a key twice in one mapping."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"twice: {', '.join(sorted(twice))}", node.start_mark)
        return super().construct_mapping(node, deep)


class Function:
    def __init__(self, name, argument):
        self.name, self.argument = name, argument


for name in ("Ref", "Sub", "GetAtt"):
    Loader.add_constructor(f"!{name}", lambda loader, node, name=name: Function(name, loader.construct_scalar(node)))


class Template:
    """`values`: of parameters, which go before their defaults, and what !Ref gives of resources."""

    def __init__(self, path, **values):
        self.document = yaml.load(path.read_text(encoding="utf-8"), Loader)
        self.values = {**PSEUDO_PARAMETERS}
        for name, parameter in self.document.get("Parameters", {}).items():
            value = str(values.pop(name, parameter.get("Default", "")))
            pattern = parameter.get("AllowedPattern")
            if pattern and not re.fullmatch(pattern, value):
                raise ValueError(f"{path.name}: {name} must match {pattern}, got {value}")
            self.values[name] = value
        for name in self.document["Resources"]:
            self.values[name] = values.pop(name, f"the {name}")
        if values:
            raise ValueError(f"{path.name} has no {', '.join(values)}")

    def properties(self, resource):
        return self.resolved(self.document["Resources"][resource].get("Properties", {}))

    def resources(self, kind):
        return [name for name, resource in self.document["Resources"].items() if resource["Type"] == kind]

    def attribute(self, dotted):
        resource, attribute = dotted.split(".")
        kind = self.document["Resources"][resource]["Type"]
        if (kind, attribute) != ("AWS::S3::Bucket", "Arn"):
            raise ValueError(f"!GetAtt {dotted} of a {kind} is nothing that this test knows")
        return f"arn:aws:s3:::{self.values[resource]}"

    def named(self, name):
        return self.attribute(name) if "." in name else self.values[name]

    def resolved(self, node):
        if isinstance(node, dict):
            return {key: self.resolved(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self.resolved(value) for value in node]
        if isinstance(node, Function):
            if node.name == "Sub":
                return re.sub(r"\$\{([^}!]+)\}", lambda match: self.named(match[1]), node.argument)
            return self.named(node.argument)
        return node

    def outputs(self):
        return {name: self.resolved(output["Value"]) for name, output in self.document.get("Outputs", {}).items()}
