# Redmine under Puma: so many processes of so many threads each, loaded once and forked.
workers Integer(ENV.fetch("BENCH_WORKERS"))
threads_each = Integer(ENV.fetch("BENCH_THREADS"))
threads threads_each, threads_each
preload_app!
environment "production"
bind "tcp://127.0.0.1:#{ENV.fetch("BENCH_PORT")}"
before_fork { ActiveRecord::Base.connection_pool.disconnect! }
on_worker_boot { ActiveRecord::Base.establish_connection }
