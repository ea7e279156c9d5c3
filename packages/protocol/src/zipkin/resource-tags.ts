/**
 * The tags that tell of the sender and not of the span: OpenTelemetry's exporters write a resource's attributes among
 * the tags of its spans, for Zipkin has no other place for them. These are the names of OpenTelemetry's resource
 * conventions that its own translation from Zipkin takes back (semantic conventions 1.6.1), and OpenCensus' three.
 */
const NAMES_BY_PREFIX: Readonly<Record<string, readonly string[]>> = {
  'service.': ['name', 'namespace', 'instance.id', 'version'],
  'telemetry.': ['sdk.name', 'sdk.language', 'sdk.version', 'auto.version'],
  'host.': ['id', 'name', 'type', 'arch', 'image.name', 'image.id', 'image.version'],
  'os.': ['type', 'description', 'name', 'version'],
  'process.': [
    'pid',
    'executable.name',
    'executable.path',
    'command',
    'command_line',
    'command_args',
    'owner',
    'runtime.name',
    'runtime.version',
    'runtime.description',
  ],
  'container.': ['name', 'id', 'runtime', 'image.name', 'image.tag'],
  'k8s.': [
    'cluster.name',
    'node.name',
    'node.uid',
    'namespace.name',
    'pod.uid',
    'pod.name',
    'container.name',
    'replicaset.uid',
    'replicaset.name',
    'deployment.uid',
    'deployment.name',
    'statefulset.uid',
    'statefulset.name',
    'daemonset.uid',
    'daemonset.name',
    'job.uid',
    'job.name',
    'cronjob.uid',
    'cronjob.name',
  ],
  'cloud.': ['provider', 'account.id', 'region', 'availability_zone', 'platform'],
  'aws.': [
    'ecs.container.arn',
    'ecs.cluster.arn',
    'ecs.launchtype',
    'ecs.task.arn',
    'ecs.task.family',
    'ecs.task.revision',
    'eks.cluster.arn',
    'log.group.names',
    'log.group.arns',
    'log.stream.names',
    'log.stream.arns',
  ],
  'deployment.': ['environment'],
  'device.': ['id', 'model.identifier', 'model.name', 'manufacturer'],
  'faas.': ['name', 'id', 'version', 'instance', 'max_memory'],
  'webengine.': ['name', 'version', 'description'],
  'opencensus.': ['starttime', 'exporterversion', 'resourcetype'],
};

export const RESOURCE_TAGS: ReadonlySet<string> = new Set(
  Object.entries(NAMES_BY_PREFIX).flatMap(([prefix, names]) => names.map((name) => prefix + name)),
);
