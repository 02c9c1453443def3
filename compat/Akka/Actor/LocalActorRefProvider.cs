using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The provider of a system within one process: the guardians, dead letters and temporary references.</summary>
public sealed class LocalActorRefProvider : IActorRefProvider
{
    private readonly EventStream _eventStream;
    private readonly ILoggingAdapter _log;
    private readonly ActorPath _tempNode;
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RootGuardianActorRef _rootGuardian;
    private TempContainerRef _tempContainer;
    private long _tempNumber;

    public LocalActorRefProvider(string systemName, Settings settings, EventStream eventStream)
    {
        _eventStream = eventStream;
        Settings = settings;
        RootPath = new RootActorPath(new Address("akka", systemName));
        _log = Logging.GetLogger(eventStream, $"LocalActorRefProvider({RootPath.Address})");
        _tempNode = RootPath / "temp";
        DeadLetters = new DeadLetterActorRef(this, RootPath / "deadLetters", eventStream);
        IgnoreRef = new IgnoreActorRef(this);
    }

    public IActorRef DeadLetters { get; }

    public IActorRef IgnoreRef { get; }

    public IInternalActorRef RootGuardian => _rootGuardian;

    public LocalActorRef Guardian { get; private set; }

    public LocalActorRef SystemGuardian { get; private set; }

    public ActorPath RootPath { get; }

    public Settings Settings { get; }

    public EventStream EventStream => _eventStream;

    public IInternalActorRef TempContainer => _tempContainer;

    public Task TerminationTask => _terminated.Task;

    public Address DefaultAddress => RootPath.Address;

    public ActorPath TempPath() => _tempNode / Base64Name.Encode(Interlocked.Increment(ref _tempNumber));

    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) => _tempContainer.Add(path.Name, actorRef);

    public void UnregisterTempActor(ActorPath path) => _tempContainer.Remove(path.Name);

    /// <summary>The path is made when it is asked for.</summary>
    public FutureActorRef<T> CreateFutureRef<T>(TaskCompletionSource<T> tcs) => new(tcs, null, this);

    public IActorRef ResolveActorRef(string path)
    {
        if (ActorPath.TryParse(path, out var actorPath)) return ResolveActorRef(actorPath);
        _log.Debug("Resolve of unknown path [{0}] failed. Invalid format.", path);
        return DeadLetters;
    }

    public IActorRef ResolveActorRef(ActorPath path)
    {
        if (!path.Address.Equals(RootPath.Address) || path.Depth == 0)
        {
            _log.Debug("Resolve of foreign ActorPath [{0}] failed", path);
            return DeadLetters;
        }

        var found = _rootGuardian.GetChild(path.Elements);
        return found.IsNobody() || (path.Uid != ActorCell.UndefinedUid && found.Path.Uid != path.Uid)
            ? new EmptyLocalActorRef(this, path, _eventStream)
            : found;
    }

    public IActorRef RootGuardianAt(Address address) => address == RootPath.Address ? _rootGuardian : DeadLetters;

    public Address GetExternalAddressFor(Address address) => address == RootPath.Address ? address : null;

    internal void Init(ActorSystemImpl system)
    {
        var dispatcher = system.Dispatchers.InternalDispatcher;
        var mailbox = system.Mailboxes.Lookup(Mailboxes.DefaultMailboxId);
        var rootStrategy = new OneForOneStrategy(cause =>
        {
            _log.Error(cause, "Guardian failed. Shutting down system");
            return Directive.Stop;
        });
        var supervisor = new RootGuardianSupervisor(this, _terminated, _log);
        _tempContainer = new TempContainerRef(this, _tempNode);
        _rootGuardian = new RootGuardianActorRef(system, Props.Create<GuardianActor>(rootStrategy), dispatcher, mailbox, supervisor, RootPath, _tempContainer);
        _rootGuardian.Start();

        var userStrategy = SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create();
        Guardian = StartGuardian("user", Props.Create<GuardianActor>(userStrategy));
        var userGuardian = Guardian;
        SystemGuardian = StartGuardian("system", Props.Create(() => new SystemGuardianActor(userGuardian), SupervisorStrategy.DefaultStrategy));

        // The end of /user ends /system, and the end of /system ends the root.
        SystemGuardian.SendSystemMessage(new WatchBy(Guardian));
        _rootGuardian.SendSystemMessage(new WatchBy(SystemGuardian));
        _eventStream.StartDefaultLoggers(system);

        LocalActorRef StartGuardian(string name, Props props)
        {
            var guardian = new LocalActorRef(system, props, dispatcher, mailbox, _rootGuardian, RootPath / name);
            _rootGuardian.Cell.AttachGuardian(guardian);
            guardian.Start();
            return guardian;
        }
    }

    internal IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path)
    {
        if (!system.Dispatchers.HasDispatcher(props.Dispatcher))
            throw new ConfigurationException($"Dispatcher [{props.Dispatcher}] not configured for path {path}");
        try
        {
            var dispatcher = system.Dispatchers.Lookup(props.Dispatcher);
            return new LocalActorRef(system, props, dispatcher, system.Mailboxes.GetMailboxType(props, dispatcher), supervisor, path);
        }
        catch (Exception e)
        {
            throw new ConfigurationException(
                $"Configuration problem while creating [{path}] with dispatcher [{props.Dispatcher}] and mailbox [{props.Mailbox}]", e);
        }
    }
}
