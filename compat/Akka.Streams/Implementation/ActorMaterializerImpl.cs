using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Pattern;
using Akka.Streams.Implementation.Fusing;

namespace Akka.Streams.Implementation;

/// <summary>
/// Materializes by one walk over the tree of the graph, which makes all logics and wires them, and then starts one actor per island. Nothing
/// runs before the walk has succeeded, so a stage that throws while it is created leaves nothing behind.
/// </summary>
internal sealed class ActorMaterializerImpl : ActorMaterializer
{
    private readonly StreamSupervisor.Lifetime _lifetime;
    private readonly string _namePrefix;
    private readonly StrongBox<long> _nextStream;
    private ILoggingAdapter _logger;
    private MessageDispatcher _executionContext;
    private int _nextStageActor;

    private ActorMaterializerImpl(
        ActorSystem system, ActorMaterializerSettings settings, IActorRef supervisor, StreamSupervisor.Lifetime lifetime, string namePrefix,
        StrongBox<long> nextStream)
    {
        System = system;
        Settings = settings;
        Supervisor = supervisor;
        _lifetime = lifetime;
        _namePrefix = namePrefix;
        _nextStream = nextStream;
    }

    public override ActorMaterializerSettings Settings { get; }

    public override bool IsShutdown => _lifetime.HasEnded;

    public override ActorSystem System { get; }

    public override IActorRef Supervisor { get; }

    public override ILoggingAdapter Logger => _logger ??= MakeLogger(Supervisor);

    public override MessageDispatcher ExecutionContext => _executionContext ??= System.Dispatchers.Lookup(
        string.IsNullOrEmpty(Settings.Dispatcher) ? Dispatchers.DefaultDispatcherId : Settings.Dispatcher);

    public static ActorMaterializerImpl Create(IActorRefFactory parent, ActorSystem system, ActorMaterializerSettings settings, string namePrefix)
    {
        var lifetime = new StreamSupervisor.Lifetime();
        var props = WithDispatcher(StreamSupervisor.Props(lifetime), settings.Dispatcher);
        var supervisor = parent.ActorOf(props, StreamSupervisor.NextName());
        return new ActorMaterializerImpl(system, settings, supervisor, lifetime, namePrefix, new StrongBox<long>());
    }

    public override IMaterializer WithNamePrefix(string namePrefix) =>
        new ActorMaterializerImpl(System, Settings, Supervisor, _lifetime, namePrefix, _nextStream);

    public override TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable) => Materialize(runnable, Settings.InitialAttributes);

    public override TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable, Attributes initialAttributes)
    {
        if (IsShutdown)
            throw new IllegalStateException("Attempted to call Materialize() after the ActorMaterializer has been shut down.");
        var session = MaterializerSession.Rent();
        try
        {
            session.Main.Reset(initialAttributes.GetAttribute<ActorAttributes.Dispatcher>()?.Name ?? Settings.Dispatcher);
            var value = ((Module)runnable.Module).Materialize(session, new Scope(session.Main, initialAttributes));
            session.RequireClosed();
            Start(session, initialAttributes);
            return (TMat)value;
        }
        finally
        {
            session.Return();
        }
    }

    public override ICancelable ScheduleOnce(TimeSpan delay, Action action) =>
        System.Scheduler.Advanced.ScheduleOnceCancelable(delay, action);

    public override ICancelable ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        System.Scheduler.Advanced.ScheduleRepeatedlyCancelable(initialDelay, interval, action);

    public override void Shutdown()
    {
        if (!_lifetime.HasEnded)
        {
            _lifetime.HasEnded = true;
            Supervisor.Tell(PoisonPill.Instance);
        }
    }

    public override ILoggingAdapter MakeLogger(object logSource) => Logging.GetLogger(System, $"{logSource}({Supervisor.Path})");

    internal string NextStageActorName() => $"$${Interlocked.Increment(ref _nextStageActor)}";

    private static Props WithDispatcher(Props props, string dispatcher) =>
        string.IsNullOrEmpty(dispatcher) ? props : props.WithDispatcher(dispatcher);

    private void Start(MaterializerSession session, Attributes initialAttributes)
    {
        var stream = Interlocked.Increment(ref _nextStream.Value) - 1;
        if (session.Others is null)
        {
            Spawn(session.Main, initialAttributes, stream, 0);
            return;
        }

        // The islands must know each other before any of them runs, so they wait for a second message.
        List<IActorRef> actors = [];
        if (session.Main.Logics.Count > 0)
            actors.Add(Spawn(session.Main, initialAttributes, stream, actors.Count));
        foreach (var island in session.Others)
        {
            if (island.Logics.Count > 0)
                actors.Add(Spawn(island, initialAttributes, stream, actors.Count));
        }

        foreach (var actor in actors)
            actor.Tell(ActorGraphInterpreter.Start.Instance, ActorRefs.NoSender);
    }

    private IActorRef Spawn(Island island, Attributes initialAttributes, long stream, int number)
    {
        foreach (var logic in island.Logics)
            logic.Wired();
        var boundaries = island.Boundaries?.ToArray();
        var interpreter = new GraphInterpreter([.. island.Logics], boundaries, island.Connections, this);
        var attributes = island.Logics.Count == 1 ? island.LastAttributes : initialAttributes;
        var stageName = attributes.GetNameOrDefault() ?? "unknown-operation";
        var name = $"{_namePrefix}-{stream}-{number}-{stageName}";
        var actor = ActorOf(WithDispatcher(Props.CreateBy(interpreter), island.Dispatcher), name);
        foreach (var boundary in boundaries ?? [])
        {
            boundary.Owner = actor;
            (boundary as InputBoundary)?.SizeBuffer(attributes.GetAttribute<Attributes.InputBuffer>()?.Max ?? Settings.MaxInputBufferSize);
        }

        return actor;
    }

    /// <summary>Makes a child of the supervisor; unlike other actors, a supervisor of streams gets children from any thread.</summary>
    private IActorRef ActorOf(Props props, string name) => Supervisor is LocalActorRef local
        ? local.Cell.AttachChild(props, isSystemService: false, name: name)
        : throw new IllegalStateException($"Stream supervisor must be a local actor, was [{Supervisor.GetType()}]");
}
