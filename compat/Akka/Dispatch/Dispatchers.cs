using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>
/// Finds dispatchers by the path of their configuration. A dispatcher section says <c>type</c> (Dispatcher, PinnedDispatcher,
/// ForkJoinDispatcher), <c>executor</c>, <c>throughput</c> and <c>throughput-deadline-time</c>; what it leaves out is taken from the
/// default dispatcher.
/// </summary>
public sealed class Dispatchers
{
    public const string DefaultDispatcherId = "akka.actor.default-dispatcher";
    internal const string InternalDispatcherId = "akka.actor.internal-dispatcher";

    private readonly ConcurrentDictionary<string, Func<MessageDispatcher>> _factories = new();
    private readonly ActorSystem _system;

    internal Dispatchers(ActorSystem system)
    {
        _system = system;
        DefaultGlobalDispatcher = Lookup(DefaultDispatcherId);
        InternalDispatcher = Lookup(InternalDispatcherId);
    }

    public MessageDispatcher DefaultGlobalDispatcher { get; }

    internal MessageDispatcher InternalDispatcher { get; }

    private Config Config => _system.Settings.Config;

    public bool HasDispatcher(string id) => string.IsNullOrEmpty(id) || _factories.ContainsKey(id) || Config.HasPath(id);

    public MessageDispatcher Lookup(string dispatcherName) =>
        _factories.GetOrAdd(string.IsNullOrEmpty(dispatcherName) ? DefaultDispatcherId : dispatcherName, Factory)();

    /// <summary>The configuration of a dispatcher with the defaults filled in.</summary>
    internal Config ConfigOf(string id)
    {
        if (!Config.HasPath(id)) throw new ConfigurationException($"Dispatcher {id} not configured.");
        return Config.GetConfig(id).WithFallback(Config.GetConfig(DefaultDispatcherId));
    }

    private Func<MessageDispatcher> Factory(string id)
    {
        var config = ConfigOf(id);
        var throughput = config.GetInt("throughput");
        var deadline = config.GetTimeSpan("throughput-deadline-time");
        var type = config.GetString("type");
        switch (type)
        {
            case "PinnedDispatcher":
                return () => new Dispatcher(id, throughput, deadline, new DedicatedThreadsExecutor(id, 1));
            case "Dispatcher" or "TaskDispatcher" or "ForkJoinDispatcher":
                var executor = type == "ForkJoinDispatcher" ? ForkJoin(id, config) : ExecutorOf(id, config);
                var dispatcher = new Dispatcher(id, throughput, deadline, executor);
                return () => dispatcher;
            default:
                throw new ConfigurationException($"Could not resolve dispatcher type {type} for path {id}");
        }
    }

    private Executor ExecutorOf(string id, Config config)
    {
        var name = config.GetString("executor");
        switch (name)
        {
            case null or "" or "default-executor" or "thread-pool-executor":
                return ThreadPoolExecutor.Instance;
            case "fork-join-executor":
                return ForkJoin(id, config);
            default:
                var type = Type.GetType(name)
                    ?? throw new ConfigurationException($"Could not resolve executor service configurator type {name} for path {id}");
                var prerequisites = new DefaultDispatcherPrerequisites(_system.EventStream, _system.Scheduler, _system.Settings, _system.Mailboxes);
                return new ConfiguredExecutor(id, (ExecutorServiceConfigurator)Activator.CreateInstance(type, config, prerequisites));
        }
    }

    private static DedicatedThreadsExecutor ForkJoin(string id, Config config)
    {
        if (config.HasPath("dedicated-thread-pool.thread-count"))
            return new DedicatedThreadsExecutor(id, Math.Max(1, config.GetInt("dedicated-thread-pool.thread-count")));
        var wanted = (int)Math.Ceiling(Environment.ProcessorCount * config.GetDouble("fork-join-executor.parallelism-factor", 1));
        var least = config.GetInt("fork-join-executor.parallelism-min", 8);
        return new DedicatedThreadsExecutor(id, Math.Clamp(wanted, least, Math.Max(least, config.GetInt("fork-join-executor.parallelism-max", 64))));
    }
}
