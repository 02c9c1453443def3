using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>The one implementation of actor systems.</summary>
public partial class ActorSystemImpl : ExtendedActorSystem
{
    private readonly LocalActorRefProvider _provider;
    private readonly TimerThreadScheduler _scheduler;
    private readonly TerminationCallbacks _callbacks;
    private IActorRef _deadLetterListener;

    public ActorSystemImpl(string name)
        : this(name, ConfigurationFactory.Default(), ActorSystemSetup.Empty)
    {
    }

    internal ActorSystemImpl(string name, Config config, ActorSystemSetup setup)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || !char.IsAsciiLetterOrDigit(name[0]) || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            throw new ArgumentException(
                $"Invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-')", nameof(name));
        }

        ArgumentNullException.ThrowIfNull(config);
        Name = name;
        Settings = new Settings(this, config, setup);
        EventStream = new EventStream(Settings.DebugEventStream);
        EventStream.StartStdoutLogger(Settings);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", GetType(), Settings.LogFormatter);
        _scheduler = new TimerThreadScheduler(name, Log);
        _provider = new LocalActorRefProvider(name, Settings, EventStream);
        _callbacks = new TerminationCallbacks(_provider.TerminationTask);
        Mailboxes = new Mailboxes(this);
        Dispatchers = new Dispatchers(this);
    }

    public override Settings Settings { get; }

    public override string Name { get; }

    public override EventStream EventStream { get; }

    public override ILoggingAdapter Log { get; }

    public override IActorRef DeadLetters => _provider.DeadLetters;

    public override IActorRef IgnoreRef => _provider.IgnoreRef;

    public override Dispatchers Dispatchers { get; }

    public override Mailboxes Mailboxes { get; }

    public override IScheduler Scheduler => _scheduler;

    public override IActorRefProvider Provider => _provider;

    public override IInternalActorRef Guardian => _provider.Guardian;

    public override IInternalActorRef LookupRoot => _provider.RootGuardian;

    public override IInternalActorRef SystemGuardian => _provider.SystemGuardian;

    public override Task WhenTerminated => _callbacks.Completed;

    internal LocalActorRefProvider LocalProvider => _provider;

    public override IActorRef ActorOf(Props props, string name = null) => _provider.Guardian.Cell.AttachChild(props, false, name);

    public override IActorRef SystemActorOf(Props props, string name = null) =>
        _provider.SystemGuardian.Cell.AttachChild(props, true, name);

    public override IActorRef SystemActorOf<TActor>(string name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, this);

    public override ActorSelection ActorSelection(string actorPath) =>
        ActorRefFactoryShared.ActorSelection(actorPath, this, _provider.RootGuardian);

    public void Start()
    {
        try
        {
            RegisterOnTermination(_scheduler.Dispose);
            _provider.Init(this);
            EventStream.StartUnsubscriber(this);
            LoadExtensions();
            if (Settings.LogDeadLetters > 0) _deadLetterListener = SystemActorOf<DeadLetterListener>("deadLetterListener");
            if (Settings.LogConfigOnStart) Log.Info(Settings.ToString());
        }
        catch
        {
            if (_provider.Guardian is null)
                _scheduler.Dispose();
            else
                FinalTerminate();
            throw;
        }
    }

    public override void Stop(IActorRef actor)
    {
        var parent = actor.Path.Parent;
        if (parent == _provider.Guardian.Path)
            _provider.Guardian.Tell(new Dispatch.SysMsg.StopChild(actor));
        else if (parent == _provider.SystemGuardian.Path)
            _provider.SystemGuardian.Tell(new Dispatch.SysMsg.StopChild(actor));
        else
            ((IInternalActorRef)actor).Stop();
    }

    public override void RegisterOnTermination(Action code) => _callbacks.Add(code);

    public override Task Terminate() => Settings.CoordinatedShutdownRunByActorSystemTerminate
        ? CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance)
        : FinalTerminate();

    public override void Abort() => FinalTerminate();

    public override string ToString() => _provider.RootPath.Address.ToString();

    internal override Task FinalTerminate()
    {
        Log.Debug("System shutdown initiated");
        if (!Settings.LogDeadLettersDuringShutdown && _deadLetterListener is not null) Stop(_deadLetterListener);
        _provider.Guardian.Stop();
        return WhenTerminated;
    }
}
