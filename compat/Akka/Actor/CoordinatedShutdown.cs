using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Ends a system in phases: the tasks of a phase run at the same time, a phase starts when those it depends on are over, and the
/// last phase stops all actors. A phase that exceeds its timeout, or a task that fails, is logged and the shutdown goes on, unless
/// the phase is configured not to recover.
/// </summary>
public sealed partial class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly Dictionary<string, ShutdownPhase> _phases;
    private readonly List<string> _order;
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Run)>> _tasks = [];
    private readonly TaskCompletionSource<Done> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILoggingAdapter _log;
    private Reason _reason;
    private bool _exiting;

    private CoordinatedShutdown(ExtendedActorSystem system, Dictionary<string, ShutdownPhase> phases)
    {
        System = system;
        _phases = phases;
        _order = ShutdownPhase.Sort(phases);
        _log = Logging.GetLogger(system, GetType());
    }

    public ExtendedActorSystem System { get; }

    /// <summary>Why the shutdown runs; null before it does.</summary>
    public Reason ShutdownReason => Volatile.Read(ref _reason);

    /// <summary>The timeouts of all phases that have tasks.</summary>
    public TimeSpan TotalTimeout
    {
        get
        {
            lock (_tasks) return _tasks.Keys.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));
        }
    }

    public static CoordinatedShutdown Get(ActorSystem sys) => sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    /// <summary>Adds a task to a phase. The task is started, not awaited, on the thread that runs the phase.</summary>
    /// <exception cref="ConfigurationException">The phase is not configured.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        if (phase is null || !_phases.ContainsKey(phase))
        {
            throw new ConfigurationException(
                $"Unknown phase [{phase}], known phases [{string.Join(",", _phases.Keys)}]. All phases (along with their optional dependencies) must be defined in configuration.");
        }

        lock (_tasks)
        {
            if (!_tasks.TryGetValue(phase, out var tasks)) _tasks.Add(phase, tasks = []);
            tasks.Add((taskName, task));
        }
    }

    public TimeSpan Timeout(string phase) => _phases.TryGetValue(phase, out var known)
        ? known.Timeout
        : throw new ArgumentException($"Unknown phase [{phase}]. All phases must be defined in configuration.");

    /// <summary>Runs all phases, or those from one on; none if there is no such phase. Only the first call does; the others get its outcome.</summary>
    public Task<Done> Run(Reason reason, string fromPhase = null)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            _ = RunPhases(fromPhase is null ? _order : _order.SkipWhile(phase => phase != fromPhase));
        return _completed.Task;
    }

    internal static CoordinatedShutdown Create(ExtendedActorSystem system)
    {
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown");
        var shutdown = new CoordinatedShutdown(system, ShutdownPhase.FromConfig(config));
        shutdown.AddTerminationTask(config.GetBoolean("exit-clr"));
        if (config.GetBoolean("run-by-clr-shutdown-hook")) shutdown.RunAtProcessExit();
        return shutdown;
    }

    private async Task RunPhases(IEnumerable<string> phases)
    {
        try
        {
            foreach (var phase in phases) await RunPhase(phase).ConfigureAwait(false);
            _completed.SetResult(Done.Instance);
        }
        catch (Exception e)
        {
            _completed.SetException(new AggregateException(e));
        }
    }

    private async Task RunPhase(string name)
    {
        (string Name, Func<Task<Done>> Run)[] tasks;
        lock (_tasks)
        {
            if (!_tasks.TryGetValue(name, out var added)) return;
            tasks = [.. added];
        }

        var phase = _phases[name];
        if (_log.IsDebugEnabled) _log.Debug("Performing phase [{0}] with [{1}] tasks: [{2}]", name, tasks.Length, string.Join(",", tasks.Select(task => task.Name)));
        var all = Task.WhenAll(tasks.Select(task => RunTask(phase, task.Name, task.Run)));
        try
        {
            await all.WaitAsync(phase.Timeout).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!all.IsCompleted)
        {
            if (!phase.Recover) throw new TimeoutException($"Coordinated shutdown phase[{name}] timed out after {phase.Timeout}");
            _log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", name, phase.Timeout);
        }
    }

    private async Task RunTask(ShutdownPhase phase, string taskName, Func<Task<Done>> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (Exception e) when (phase.Recover)
        {
            _log.Warning("Task [{0}] failed in phase [{1}]: {2}", taskName, phase.Name, e.Message);
        }
    }

    private void AddTerminationTask(bool exit)
    {
        var terminate = System.Settings.CoordinatedShutdownTerminateActorSystem;
        if (!terminate && !exit) return;
        AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
        {
            if (terminate)
            {
                var terminated = System.FinalTerminate();
                if (exit) await Task.WhenAny(terminated, Task.Delay(Timeout(PhaseActorSystemTerminate))).ConfigureAwait(false);
                else await terminated.ConfigureAwait(false);
            }

            // A process that is exiting already must not be told to exit from its own exit handler.
            if (exit && !_exiting) Environment.Exit(0);
            return Done.Instance;
        });
    }

    private void RunAtProcessExit()
    {
        void OnExit(object sender, EventArgs e)
        {
            _exiting = true;
            if (System.WhenTerminated.IsCompleted) return;
            _log.Info("Starting coordinated shutdown from CLR termination hook.");
            try
            {
                Run(ClrExitReason.Instance).Wait(TotalTimeout);
            }
            catch (AggregateException failure)
            {
                _log.Warning("CoordinatedShutdown from CLR shutdown failed: {0}", failure.GetBaseException().Message);
            }
        }

        AppDomain.CurrentDomain.ProcessExit += OnExit;
        System.WhenTerminated.ContinueWith(
            _ => AppDomain.CurrentDomain.ProcessExit -= OnExit, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
