"""What is recorded of AWS, held against the vendor's own model of its calls, which botocore has."""
import sys

try:
    import botocore.loaders
    import botocore.model
    import botocore.validate
except ImportError as missing:
    sys.exit(f"vendor_model.py: {missing}; run it with /usr/bin/python3 and install what it needs:\n"
             "  apt-get install -y python3-boto3")


def operation(service, name):
    return botocore.model.ServiceModel(botocore.loaders.Loader().load_service_model(service, "service-2")).operation_model(name)


def demand_request(service, name, given):
    """Raises unless it is one: every field known, of its type, and none missing that must be there."""
    botocore.validate.validate_parameters(given, operation(service, name).input_shape)


def demand_answer(service, name, given):
    """The same for what the call answers."""
    botocore.validate.validate_parameters(given, operation(service, name).output_shape)
