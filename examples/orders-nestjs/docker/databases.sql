-- One database per service; the tables are made by the services.
CREATE DATABASE users;
CREATE DATABASE orders;
