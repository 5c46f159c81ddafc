#include "metadata/client.h"

const struct sp_client *const sp_clients[SP_ECOSYSTEM_COUNT] = {
    [SP_NPM] = &sp_client_npm,     [SP_PYPI] = &sp_client_pypi,     [SP_RUBYGEMS] = &sp_client_rubygems,
    [SP_MAVEN] = &sp_client_maven, [SP_GOLANG] = &sp_client_golang, [SP_HUGGINGFACE] = &sp_client_huggingface,
    [SP_CARGO] = &sp_client_cargo, [SP_NUGET] = &sp_client_nuget,
};
