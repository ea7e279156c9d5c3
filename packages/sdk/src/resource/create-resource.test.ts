import { describe, expect, test } from 'vitest';
import type { Variables } from '../config/environment.ts';
import type { ReadFile } from '../read-file.ts';
import { createResource } from './create-resource.ts';
import { detectCloud } from './detect-cloud.ts';
import { detectContainer } from './detect-container.ts';
import { detectHost } from './detect-host.ts';
import { detectKubernetes } from './detect-kubernetes.ts';
import { detectOs } from './detect-os.ts';
import { detectProcess } from './detect-process.ts';

const ID = '0123456789abcdef'.repeat(4);
const OTHER = 'f'.repeat(64);

function files(contents: Readonly<Record<string, string>>): ReadFile {
  return (path) => contents[path];
}

const none = files({});

describe('a container', () => {
  test.each([
    ['Docker', `12:pids:/docker/${ID}\n0::/`],
    ['Docker under systemd', `1:name=systemd:/system.slice/docker-${ID}.scope`],
    ['Kubernetes', `4:cpu,cpuacct:/kubepods/burstable/pod3e61c214/${ID}`],
    ['containerd', `0::/kubepods.slice/kubepods-pod3e.slice/cri-containerd-${ID}.scope`],
    ['containerd of version 1', `1:cpu:/system.slice/containerd.service/pod:cri-containerd:${ID}`],
    ['Podman', `0::/user.slice/libpod-${ID}.scope`],
  ])('of %s is known by its control group', (_, cgroup) => {
    const readFile = files({ '/proc/self/cgroup': cgroup });
    expect(detectContainer(readFile)).toEqual({ 'container.id': ID });
  });

  test('of Fargate has an id of its own kind', () => {
    const id = '447438d5d5f84fb4b7b3a2c8bf2b1a3c-1234567890';
    const cgroup = `1:cpu:/ecs/447438d5d5f84fb4b7b3a2c8bf2b1a3c/${id}`;
    const readFile = files({ '/proc/self/cgroup': cgroup });
    expect(detectContainer(readFile)).toEqual({ 'container.id': id });
  });

  test('is known by what is mounted where the control group is silent', () => {
    const mount = (root: string, target: string): string =>
      `623 602 254:1 ${root} ${target} rw,relatime - ext4 /dev/vda1 rw`;
    const docker = `/var/lib/docker/containers/${ID}/resolv.conf`;
    const podman = `/containers/overlay-containers/${ID}/userdata/hostname`;
    for (const [root, target] of [
      [docker, '/etc/resolv.conf'],
      [podman, '/etc/hostname'],
    ] as const) {
      const readFile = files({
        '/proc/self/cgroup': '0::/',
        '/proc/self/mountinfo': `22 1 0:20 / / rw - overlay x rw\n${mount(root, target)}`,
      });
      expect(detectContainer(readFile)).toEqual({ 'container.id': ID });
    }
  });

  test.each([
    ['a host that runs containers', `/ /var/lib/docker/containers/${OTHER}/mounts/shm`],
    ['a pod of containerd', `/io.containerd.grpc.v1.cri/sandboxes/${OTHER}/hostname /etc/hostname`],
    ['nothing', ''],
  ])('is not taken from what %s mounts', (_, mount) => {
    const readFile = files({
      '/proc/self/cgroup': '0::/user.slice/user-1000.slice/session-3.scope',
      '/proc/self/mountinfo': `623 602 254:1 ${mount} rw - ext4 x rw`,
    });
    expect(detectContainer(readFile)).toEqual({});
  });
});

describe('Kubernetes', () => {
  const inside: Variables = { KUBERNETES_SERVICE_HOST: '10.0.0.1', HOSTNAME: 'shop-7d9f-x2x' };

  test('tells pod and namespace by itself', () => {
    const readFile = files({
      '/var/run/secrets/kubernetes.io/serviceaccount/namespace': 'shops\n',
      '/proc/self/mountinfo':
        '1 2 8:1 /var/lib/kubelet/pods/3e61c214-4ad0-4c2a-b2fc-0f2d5f1b8b5d/etc-hosts /etc/hosts rw',
    });
    expect(detectKubernetes(inside, readFile)).toEqual({
      'k8s.pod.name': 'shop-7d9f-x2x',
      'k8s.pod.uid': '3e61c214-4ad0-4c2a-b2fc-0f2d5f1b8b5d',
      'k8s.namespace.name': 'shops',
    });
  });

  test.each(['', 'K8S_', 'MY_', 'KUBERNETES_'])('is understood with the prefix "%s"', (prefix) => {
    const env = {
      ...inside,
      [`${prefix}POD_NAME`]: 'pod',
      [`${prefix}POD_NAMESPACE`]: 'space',
      [`${prefix}NODE_NAME`]: 'node',
      [`${prefix}CONTAINER_NAME`]: 'main',
    };
    expect(detectKubernetes(env, none)).toEqual({
      'k8s.pod.name': 'pod',
      'k8s.namespace.name': 'space',
      'k8s.node.name': 'node',
      'k8s.container.name': 'main',
    });
  });

  test('is not seen in names that others use as well', () => {
    expect(detectKubernetes({ NODE_NAME: 'jenkins-3', HOSTNAME: 'laptop' }, none)).toEqual({});
  });
});

describe('a cloud', () => {
  test.each<[string, Variables, object]>([
    [
      'AWS Lambda',
      {
        AWS_LAMBDA_FUNCTION_NAME: 'pay',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
        AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
        AWS_REGION: 'eu-west-1',
      },
      {
        'cloud.provider': 'aws',
        'cloud.platform': 'aws_lambda',
        'cloud.region': 'eu-west-1',
        'faas.name': 'pay',
        'faas.version': '$LATEST',
        'faas.instance': 'stream',
        'faas.max_memory': 134_217_728,
      },
    ],
    [
      'AWS ECS',
      {
        ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/x',
        AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
        AWS_DEFAULT_REGION: 'us-east-1',
      },
      {
        'cloud.provider': 'aws',
        'cloud.platform': 'aws_ecs',
        'cloud.region': 'us-east-1',
        'aws.ecs.launchtype': 'fargate',
      },
    ],
    [
      'Google Cloud Run',
      { K_SERVICE: 'shop', K_REVISION: 'shop-1', GOOGLE_CLOUD_PROJECT: 'proj' },
      {
        'cloud.provider': 'gcp',
        'cloud.platform': 'gcp_cloud_run',
        'cloud.account.id': 'proj',
        'faas.name': 'shop',
        'faas.version': 'shop-1',
      },
    ],
    [
      'Google Cloud Functions',
      { K_SERVICE: 'f', K_REVISION: 'f-1', FUNCTION_TARGET: 'handler' },
      {
        'cloud.provider': 'gcp',
        'cloud.platform': 'gcp_cloud_functions',
        'faas.name': 'f',
        'faas.version': 'f-1',
      },
    ],
    [
      'a job of Google Cloud Run',
      { CLOUD_RUN_JOB: 'job', CLOUD_RUN_EXECUTION: 'job-x', CLOUD_RUN_TASK_INDEX: '0' },
      {
        'cloud.provider': 'gcp',
        'cloud.platform': 'gcp_cloud_run',
        'faas.name': 'job',
        'gcp.cloud_run.job.execution': 'job-x',
        'gcp.cloud_run.job.task_index': 0,
      },
    ],
    [
      'Google App Engine',
      { GAE_SERVICE: 'default', GAE_VERSION: 'v1', GAE_INSTANCE: 'i' },
      {
        'cloud.provider': 'gcp',
        'cloud.platform': 'gcp_app_engine',
        'faas.name': 'default',
        'faas.version': 'v1',
        'faas.instance': 'i',
      },
    ],
    [
      'Azure App Service',
      {
        WEBSITE_SITE_NAME: 'shop',
        REGION_NAME: 'West Europe',
        WEBSITE_OWNER_NAME: 'sub+group-WestEuropewebspace',
        WEBSITE_RESOURCE_GROUP: 'group',
      },
      {
        'cloud.provider': 'azure',
        'cloud.platform': 'azure.app_service',
        'cloud.region': 'West Europe',
        'cloud.account.id': 'sub',
        'cloud.resource_id':
          '/subscriptions/sub/resourceGroups/group/providers/Microsoft.Web/sites/shop',
        'azure.resource_group.name': 'group',
      },
    ],
    [
      'Azure Functions',
      { WEBSITE_SITE_NAME: 'f', FUNCTIONS_EXTENSION_VERSION: '~4', WEBSITE_INSTANCE_ID: 'i' },
      {
        'cloud.provider': 'azure',
        'cloud.platform': 'azure.functions',
        'faas.name': 'f',
        'faas.instance': 'i',
      },
    ],
    [
      'Azure Container Apps',
      { CONTAINER_APP_NAME: 'shop' },
      { 'cloud.provider': 'azure', 'cloud.platform': 'azure.container_apps' },
    ],
    [
      'Heroku',
      { DYNO: 'web.1', HEROKU_APP_ID: 'app', HEROKU_SLUG_COMMIT: 'abc' },
      { 'cloud.provider': 'heroku', 'heroku.app.id': 'app', 'heroku.release.commit': 'abc' },
    ],
    ['a region alone', { AWS_REGION: 'eu-west-1', GOOGLE_CLOUD_PROJECT: 'proj' }, {}],
  ])('%s is known by its variables', (_, env, attributes) => {
    expect(detectCloud(env)).toEqual(attributes);
  });
});

describe('the machine', () => {
  test('has name, id and architecture', () => {
    const readFile = files({ '/var/lib/dbus/machine-id': 'abc\n', '/etc/machine-id': '' });
    expect(detectHost({ hostname: 'box', arch: 'x64' }, readFile)).toEqual({
      'host.name': 'box',
      'host.id': 'abc',
      'host.arch': 'amd64',
    });
    const image = files({ '/etc/machine-id': 'uninitialized\n' });
    expect(detectHost({ hostname: 'box', arch: 'arm64' }, image)).toEqual({
      'host.name': 'box',
      'host.arch': 'arm64',
    });
  });

  test('runs a system: of Linux the distribution, of others the kernel', () => {
    const readFile = files({
      '/etc/os-release': 'PRETTY_NAME="Debian 12"\nNAME="Debian"\nVERSION_ID=12\nHOME_URL="x"\n',
    });
    expect(detectOs({ platform: 'linux', type: 'Linux', release: '6.1.0' }, readFile)).toEqual({
      'os.type': 'linux',
      'os.name': 'Debian',
      'os.version': '12',
      'os.description': 'Debian 12 (Linux 6.1.0)',
    });
    const windows = { platform: 'win32', type: 'Windows_NT', release: '10.0.1' };
    expect(detectOs(windows, readFile)).toEqual({
      'os.type': 'windows',
      'os.name': 'Windows_NT',
      'os.version': '10.0.1',
      'os.description': 'Windows_NT 10.0.1',
    });
  });
});

describe('the process', () => {
  const facts = {
    pid: 7,
    parentPid: 1,
    executablePath: '/usr/bin/node',
    argv: ['/usr/bin/node', '/app/main.js', '--password=secret'],
    execArgv: ['--enable-source-maps'],
    owner: 'app',
    version: '20.19.0',
  };

  test('keeps its arguments to itself', () => {
    expect(detectProcess(facts, false)).toEqual({
      'process.pid': 7,
      'process.parent_pid': 1,
      'process.executable.name': 'node',
      'process.executable.path': '/usr/bin/node',
      'process.command': '/app/main.js',
      'process.owner': 'app',
      'process.runtime.name': 'nodejs',
      'process.runtime.version': '20.19.0',
      'process.runtime.description': 'Node.js',
    });
  });

  test('tells its arguments when it is asked', () => {
    expect(detectProcess(facts, true)['process.command_args']).toEqual([
      '/usr/bin/node',
      '--enable-source-maps',
      '/app/main.js',
      '--password=secret',
    ]);
  });
});

describe('the whole resource', () => {
  const config = { serviceName: 'shop', resourceAttributes: {}, commandArgs: false };

  test('says who sends the spans, and differs for each start', () => {
    const [first, second] = [createResource(config), createResource(config)];
    expect(first).toMatchObject({
      'service.name': 'shop',
      'telemetry.sdk.name': '@clew/sdk',
      'telemetry.sdk.language': 'nodejs',
      'process.pid': process.pid,
    });
    expect(first['service.instance.id']).not.toBe(second['service.instance.id']);
    expect(Object.values(first)).not.toContain(undefined);
  });

  test('believes program and environment more than what is found out', () => {
    const resourceAttributes = {
      'service.instance.id': 'one',
      'host.name': 'mine',
      'service.name': 'ignored',
    };
    expect(createResource({ ...config, resourceAttributes })).toMatchObject({
      'service.instance.id': 'one',
      'host.name': 'mine',
      'service.name': 'shop',
    });
  });

  test('is there on a machine that tells nothing', () => {
    expect(createResource(config, {}, none)).toMatchObject({ 'service.name': 'shop' });
  });
});
