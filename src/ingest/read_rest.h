// Reading the REST parts of a source's file: client, authentication, paginators, endpoints.
#pragma once

#include "base/diagnostic.h"
#include "base/node.h"
#include "ingest/source.h"

namespace rynd::ingest {

Client read_client(const Document& document, const Node& node, Diagnostics& problems);
Paginator read_paginator(const Document& document, const Node& node, Diagnostics& problems);
// `node` is a resource's endpoint: a path or a mapping. Fills the endpoint, the selector and zip_arrays of the
// resource.
void read_endpoint(const Document& document, const Node& node, Resource& resource, Diagnostics& problems);

}  // namespace rynd::ingest
