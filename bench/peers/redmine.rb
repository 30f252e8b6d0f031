# One project, the interface switched on, no mail; prints the administrator's key.
Setting.rest_api_enabled = "1"
Setting.notified_events = []
admin = User.find_by!(login: "admin")
admin.update_columns(must_change_passwd: false)
project = Project.new(name: "bench", identifier: "bench")
project.trackers = Tracker.all
project.enabled_module_names = ["issue_tracking"]
project.save!
abort "the project is not the first" unless project.id == 1
puts admin.api_key
