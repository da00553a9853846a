"""The service: what people do with records, figures and reports, page by page. The only package that imports Django.

Numbers come from the library as `Figure`s; records stay in the lake.
"""
