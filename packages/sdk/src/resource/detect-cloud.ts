import type { Attributes } from '@opentelemetry/api';
import type { Variables } from '../config/environment.ts';
import { present } from './present.ts';

/** The cloud that the process runs in, as far as its environment tells: nobody is asked over the network. */
export function detectCloud(env: Variables): Attributes {
  return present(
    detectAwsLambda(env) ??
      detectAwsEcs(env) ??
      detectGoogle(env) ??
      detectAzure(env) ??
      detectHeroku(env) ??
      {},
  );
}

/** A region alone is no sign: it is set where people use the command line, too. */
function awsRegion(env: Variables): string | undefined {
  return env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
}

function detectAwsLambda(env: Variables): Attributes | undefined {
  const name = env['AWS_LAMBDA_FUNCTION_NAME'];
  if (!name) return undefined;
  const megabytes = Number(env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']);
  return {
    'cloud.provider': 'aws',
    'cloud.platform': 'aws_lambda',
    'cloud.region': awsRegion(env),
    'faas.name': name,
    'faas.version': env['AWS_LAMBDA_FUNCTION_VERSION'],
    'faas.instance': env['AWS_LAMBDA_LOG_STREAM_NAME'],
    'faas.max_memory': megabytes > 0 ? megabytes * 1024 * 1024 : undefined,
  };
}

function detectAwsEcs(env: Variables): Attributes | undefined {
  if (!env['ECS_CONTAINER_METADATA_URI_V4'] && !env['ECS_CONTAINER_METADATA_URI']) return undefined;
  const launchType = /^AWS_ECS_(EC2|FARGATE)$/.exec(env['AWS_EXECUTION_ENV'] ?? '')?.[1];
  return {
    'cloud.provider': 'aws',
    'cloud.platform': 'aws_ecs',
    'cloud.region': awsRegion(env),
    'aws.ecs.launchtype': launchType?.toLowerCase(),
  };
}

function detectGoogle(env: Variables): Attributes | undefined {
  const place = findGooglePlace(env);
  if (place === undefined) return undefined;
  return {
    'cloud.provider': 'gcp',
    'cloud.account.id': env['GOOGLE_CLOUD_PROJECT'] || env['GCP_PROJECT'] || env['GCLOUD_PROJECT'],
    'cloud.region': env['FUNCTION_REGION'],
    ...place,
  };
}

function findGooglePlace(env: Variables): Attributes | undefined {
  if (env['GAE_SERVICE']) {
    return {
      'cloud.platform': 'gcp_app_engine',
      'faas.name': env['GAE_SERVICE'],
      'faas.version': env['GAE_VERSION'],
      'faas.instance': env['GAE_INSTANCE'],
    };
  }
  if (env['CLOUD_RUN_JOB']) {
    const index = env['CLOUD_RUN_TASK_INDEX'];
    return {
      'cloud.platform': 'gcp_cloud_run',
      'faas.name': env['CLOUD_RUN_JOB'],
      'gcp.cloud_run.job.execution': env['CLOUD_RUN_EXECUTION'],
      'gcp.cloud_run.job.task_index': index ? Number(index) : undefined,
    };
  }
  if (!env['K_SERVICE'] || !env['K_REVISION']) return undefined;
  return {
    'cloud.platform': env['FUNCTION_TARGET'] ? 'gcp_cloud_functions' : 'gcp_cloud_run',
    'faas.name': env['K_SERVICE'],
    'faas.version': env['K_REVISION'],
  };
}

function detectAzure(env: Variables): Attributes | undefined {
  if (env['CONTAINER_APP_NAME']) {
    return { 'cloud.provider': 'azure', 'cloud.platform': 'azure.container_apps' };
  }
  const site = env['WEBSITE_SITE_NAME'];
  if (!site) return undefined;
  const isFunction = Boolean(env['FUNCTIONS_EXTENSION_VERSION']);
  const subscription = env['WEBSITE_OWNER_NAME']?.split('+')[0];
  const group = env['WEBSITE_RESOURCE_GROUP'];
  return {
    'cloud.provider': 'azure',
    'cloud.platform': isFunction ? 'azure.functions' : 'azure.app_service',
    'cloud.region': env['REGION_NAME'],
    'cloud.account.id': subscription,
    'cloud.resource_id':
      subscription && group
        ? `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Web/sites/${site}`
        : undefined,
    'azure.resource_group.name': group,
    ...(isFunction && { 'faas.name': site, 'faas.instance': env['WEBSITE_INSTANCE_ID'] }),
  };
}

function detectHeroku(env: Variables): Attributes | undefined {
  // The first is set by every dyno, the second by Heroku's "dyno metadata".
  if (!env['DYNO'] || !env['HEROKU_APP_ID']) return undefined;
  return {
    'cloud.provider': 'heroku',
    'heroku.app.id': env['HEROKU_APP_ID'],
    'heroku.release.commit': env['HEROKU_SLUG_COMMIT'],
    'heroku.release.creation_timestamp': env['HEROKU_RELEASE_CREATED_AT'],
  };
}
