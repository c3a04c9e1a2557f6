{# At the address of an article's chapter: to the article, to the same place in it. #}
location.replace("index.html" + location.search + location.hash);
