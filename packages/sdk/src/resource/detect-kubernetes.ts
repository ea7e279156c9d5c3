import type { Attributes } from '@opentelemetry/api';
import type { Variables } from '../config/environment.ts';
import type { ReadFile } from '../read-file.ts';
import { present } from './present.ts';

const NAMESPACE_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/**
 * The pod that the process runs in. Kubernetes tells a process little by itself; what a deployment hands on in variables
 * ("downward API") is found under the names in use.
 */
export function detectKubernetes(env: Variables, readFile: ReadFile): Attributes {
  const isInside = Boolean(env['KUBERNETES_SERVICE_HOST']);
  // Names without a prefix mean other things elsewhere: Jenkins has a NODE_NAME.
  const find = (name: string): string | undefined =>
    env[`K8S_${name}`] ||
    (isInside ? env[name] || env[`MY_${name}`] || env[`KUBERNETES_${name}`] : undefined);
  return present({
    'k8s.cluster.name': find('CLUSTER_NAME'),
    // A pod that says nothing else has its name as its host's.
    'k8s.pod.name': find('POD_NAME') || (isInside ? env['HOSTNAME'] : undefined),
    'k8s.pod.uid': find('POD_UID') || (isInside ? findPodUid(readFile) : undefined),
    'k8s.namespace.name':
      find('NAMESPACE_NAME') ||
      find('POD_NAMESPACE') ||
      find('NAMESPACE') ||
      (isInside ? readFile(NAMESPACE_FILE)?.trim() : undefined),
    'k8s.node.name': find('NODE_NAME'),
    'k8s.container.name': find('CONTAINER_NAME'),
    'k8s.deployment.name': find('DEPLOYMENT_NAME'),
  });
}

/** The kubelet mounts the pod's own file of hosts. */
function findPodUid(readFile: ReadFile): string | undefined {
  return /\/pods\/([0-9a-f-]{36})\/etc-hosts /.exec(readFile('/proc/self/mountinfo') ?? '')?.[1];
}
