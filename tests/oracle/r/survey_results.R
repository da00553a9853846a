# What R's package survey estimates from its own example data, for tests/oracle/statistics_survey_test.py.
#
#   Rscript survey_results.R FOLDER_WITH_THE_DATA > survey_results.json
#
# Every number has 17 significant digits; an estimate that does not exist is null.
suppressMessages(library(survey))
options(digits = 17)
folder <- commandArgs(trailingOnly = TRUE)[1]
read <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))

results <- list()
record <- function(name, value) {
  value <- as.vector(value)
  shown <- ifelse(is.finite(value), sprintf("%.17g", value), "null")
  results[[length(results) + 1]] <<- sprintf('"%s": [%s]', name, paste(shown, collapse = ", "))
}

# Estimate, standard error and both design effects.
statistic <- function(name, f, ...) {
  plain <- f(..., deff = TRUE)
  record(paste0(name, " value"), coef(plain))
  record(paste0(name, " se"), SE(plain))
  record(paste0(name, " deff"), deff(plain))
  record(paste0(name, " deff with replacement"), deff(f(..., deff = "replace")))
}

# Every statistic of one of the school designs.
each <- function(name, design) {
  record(paste0(name, " df"), degf(design))
  statistic(paste0(name, " total enroll"), svytotal, ~enroll, design, na.rm = TRUE)
  statistic(paste0(name, " mean api00"), svymean, ~api00, design)
  statistic(paste0(name, " proportion award"), svymean, ~award, design)
  statistic(paste0(name, " ratio tested"), svyratio, ~api.stu, ~enroll, design, na.rm = TRUE)
  by <- svyby(~api00, ~stype, design, svymean, deff = TRUE)
  record(paste0(name, " mean by stype value"), coef(by))
  record(paste0(name, " mean by stype se"), SE(by))
  record(paste0(name, " mean by stype deff"), by$DEff.api00)
  by <- svyby(~api00, ~stype, design, svytotal, deff = TRUE)
  record(paste0(name, " total by stype value"), coef(by))
  record(paste0(name, " total by stype se"), SE(by))
  by <- svyby(~api.stu, ~stype, denominator = ~enroll, design, svyratio, na.rm = TRUE)
  record(paste0(name, " ratio by stype value"), coef(by))
  record(paste0(name, " ratio by stype se"), SE(by))
  by <- svyby(~enroll, ~comp.imp, design, svymean, na.rm = TRUE, deff = "replace")
  record(paste0(name, " mean by improvement value"), coef(by))
  record(paste0(name, " mean by improvement se"), SE(by))
  record(paste0(name, " mean by improvement deff with replacement"), by$DEff.enroll)
  record(paste0(name, " df by stype"), sapply(c("E", "H", "M"), function(s) degf(subset(design, stype == s))))
  for (method in c("mean", "logit", "xlogit", "beta"))
    for (level in c(0.95, 0.998)) {
      interval <- svyciprop(~award, design, method = method, level = level)
      record(sprintf("%s %s %g", name, method, level), attr(interval, "ci"))
    }
}
# svymean of a logical gives a column for FALSE and one for TRUE: the proportion is the mean of 0 and 1.
award <- function(data) transform(data, award = as.numeric(awards == "Yes"))

srs <- award(read("apisrs")); strat <- award(read("apistrat"))
clus1 <- award(read("apiclus1")); clus2 <- award(read("apiclus2"))
designs <- list(
  apisrs = svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = srs),
  "apisrs without fpc" = svydesign(id = ~1, weights = ~pw, data = srs),
  apistrat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat),
  apiclus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1),
  "apiclus2 first stage" = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc1, data = clus2),
  "apiclus2 without fpc" = svydesign(id = ~dnum, weights = ~pw, data = clus2),
  "apiclus1 in strata" = svydesign(id = ~dnum, strata = ~(dnum > 400), weights = ~I(pw * (1 + (dnum > 400))), data = clus1)
)
types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
designs[["apiclus1 post-stratified"]] <- postStratify(designs$apiclus1, ~stype, types)
designs[["apisrs post-stratified"]] <- postStratify(designs$apisrs, ~stype, types)
# Across the strata, so that weights differ within the post-strata.
improved <- data.frame(comp.imp = c("No", "Yes"), Freq = c(1700, 4494))
designs[["apistrat post-stratified"]] <- postStratify(designs$apistrat, ~comp.imp, improved)
for (name in names(designs)) each(name, designs[[name]])

hospital <- read("hospital")
for (name in c("hospital", "hospital without fpc")) {
  design <- if (name == "hospital") svydesign(id = ~1, strata = ~oblevel, fpc = ~tothosp, weights = ~weighta, data = hospital) else
    svydesign(id = ~1, strata = ~oblevel, weights = ~weighta, data = hospital)
  statistic(paste(name, "total births"), svytotal, ~births, design)
  statistic(paste(name, "mean births"), svymean, ~births, design)
}
withreplacement <- svydesign(id = ~psuid, strata = ~stratid, weights = ~weight, data = read("fpc"), nest = TRUE)
withoutreplacement <- svydesign(id = ~psuid, strata = ~stratid, weights = ~weight, fpc = ~Nh, data = read("fpc"), nest = TRUE)
for (name in c("withreplacement", "withoutreplacement")) {
  statistic(paste("fpc", name, "total"), svytotal, ~x, get(name))
  statistic(paste("fpc", name, "mean"), svymean, ~x, get(name))
  domain <- subset(get(name), x > 4)
  statistic(paste("fpc", name, "mean of x above 4"), svymean, ~x, domain)
}

# Sampled again within the clusters, of which the first stage is compared; and two ambulances in each area.
municipalities <- svydesign(id = ~id1, fpc = ~n1, weights = ~I(n1 / 5 * n2 / 3), data = read("mu284"))
statistic("mu284 first stage total", svytotal, ~y1, municipalities)
statistic("mu284 first stage mean", svymean, ~y1, municipalities)
ambulances <- svydesign(id = ~ambulance, strata = ~ESA, weights = ~1, data = read("scd"), nest = TRUE)
statistic("scd ratio", svyratio, ~alive, ~arrests, ambulances)

# A stratum with a single PSU: of the second stratum only the first unit is kept, and a third is invented.
single <- read("fpc"); single <- rbind(single[1:6, ], transform(single[1:3, ], stratid = 3, x = x * 1.5))
for (rule in c("certainty", "adjust", "average")) {
  options(survey.lonely.psu = rule)
  design <- svydesign(id = ~psuid, strata = ~stratid, weights = ~weight, fpc = ~Nh, data = single, nest = TRUE)
  record(paste("single", rule, "total"), c(SE(svytotal(~x, design))))
  record(paste("single", rule, "mean"), c(SE(svymean(~x, design))))
  record(paste("single", rule, "mean of x above 4"), c(SE(svymean(~x, subset(design, x > 4)))))
  record(paste("single", rule, "total of x below 4"), c(SE(svytotal(~x, subset(design, x < 4)))))
}
options(survey.lonely.psu = "fail")

# Replicates: the delete-one jackknife about the full-sample estimate.
for (name in c("apistrat", "apiclus1", "apisrs post-stratified")) {
  if (name == "apisrs post-stratified") {
    replicates <- postStratify(as.svrepdesign(designs$apisrs, type = "JK1", mse = TRUE), ~stype, types)
  } else {
    replicates <- as.svrepdesign(designs[[name]], type = if (name == "apistrat") "JKn" else "JK1", mse = TRUE)
  }
  record(paste(name, "jackknife mean"), SE(svymean(~api00, replicates)))
  record(paste(name, "jackknife ratio"), SE(svyratio(~api.stu, ~enroll, replicates)))
  record(paste(name, "jackknife total"), SE(svytotal(~api.stu, replicates)))
}

cat(sprintf('{"R": "%s", "survey": "%s", "results": {\n%s\n}}\n', getRversion(), packageVersion("survey"),
            paste(unlist(results), collapse = ",\n")))
