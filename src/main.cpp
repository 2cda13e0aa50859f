// main: hands the command line over.
#include "cli/cli.h"

int main(int count, char** words) { return rynd::cli::program(count, words); }
