"""Tests of crawler/downloadhandlers."""
