# What R's package survey makes of the crimes listed in an audit, for tests/oracle/audits_r_test.py.
#
#   Rscript audit_results.R CRIMES.csv > audit_results.json
#
# The file has a row for each crime and for each report without any: case, stratum, size (reports of the stratum),
# due (a crime excluding fraud), class, recorded. Every number has 17 significant digits.
suppressMessages(library(survey))
crimes <- read.csv(commandArgs(trailingOnly = TRUE)[1])
design <- svydesign(id = ~case, strata = ~stratum, fpc = ~size, data = crimes)

results <- list()
record <- function(name, value)
  results[[length(results) + 1]] <<- sprintf('"%s": [%s]', name, paste(sprintf("%.17g", as.vector(value)), collapse = ", "))
each <- function(name, domain) {
  found <- svymean(~recorded, domain, deff = "replace")
  record(paste(name, "value"), coef(found))
  record(paste(name, "se"), SE(found))
  record(paste(name, "deff"), deff(found))
  record(paste(name, "df"), degf(domain))
  for (method in c("logit", "beta"))
    record(paste(name, method), attr(svyciprop(~recorded, domain, method = method), "ci"))
}
each("all_crime", subset(design, due == 1))
each("violence", subset(design, due == 1 & class == "violence_with_injury"))
each("sexual", subset(design, due == 1 & class == "other_sexual"))
cat(sprintf('{"R": "%s", "survey": "%s", "results": {\n%s\n}}\n', getRversion(), packageVersion("survey"),
            paste(unlist(results), collapse = ",\n")))
