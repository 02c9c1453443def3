using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// The runtime's side of one actor: its mailbox, its behaviour, its children and watchers, and the rules by which it is created,
/// fails, restarts and stops. What few actors need (watching, timers, stash, receive timeout, a stack of behaviours) is created
/// on first use, since a system may hold very many mostly idle actors. Everything here runs on the actor's own turn unless it says
/// otherwise.
/// </summary>
public partial class ActorCell : IUntypedActorContext
{
    public const int UndefinedUid = 0;

    private readonly ActorSystemImpl _system;
    private readonly IInternalActorRef _self;
    private readonly IInternalActorRef _parent;
    private readonly MessageDispatcher _dispatcher;
    private Props _props;
    private Mailbox _mailbox;
    private ActorBase _actor;
    private object _currentMessage;
    private IActorRef _sender;
    private ActorTaskScheduler _taskScheduler;

    internal ActorCell(ActorSystemImpl system, IInternalActorRef self, Props props, MessageDispatcher dispatcher, IInternalActorRef parent)
    {
        _system = system;
        _self = self;
        _props = props;
        _dispatcher = dispatcher;
        _parent = parent;
    }

    public IActorRef Self => _self;

    public Props Props => _props;

    public MessageDispatcher Dispatcher => _dispatcher;

    public ActorSystem System => _system;

    public ActorSystemImpl SystemImpl => _system;

    public IInternalActorRef Parent => _parent;

    IActorRef IActorContext.Parent => _parent;

    public object CurrentMessage => _currentMessage;

    public IActorRef Sender => _sender ?? _system.DeadLetters;

    public Mailbox Mailbox => Volatile.Read(ref _mailbox);

    public bool HasMessages => Mailbox.MessageQueue.HasMessages;

    public bool IsLocal => true;

    public bool IsTerminated => Mailbox.IsClosed;

    public virtual ActorTaskScheduler TaskScheduler =>
        Volatile.Read(ref _taskScheduler) ?? Interlocked.CompareExchange(ref _taskScheduler, new ActorTaskScheduler(this), null) ?? _taskScheduler;

    internal static ActorCell Current => InternalCurrentActorCellKeeper.Current;

    internal ActorBase Actor => _actor;

    /// <summary>From the end of an instance until its replacement is made.</summary>
    internal bool IsCleared { get; private set; }

    public static IActorRef GetCurrentSelfOrNoSender() => Current?._self;

    public static IActorRef GetCurrentSenderOrNoSender() => Current?.Sender;

    public void Become(Receive receive) => SetBehavior(receive);

    void IUntypedActorContext.Become(UntypedReceive receive) => SetBehavior(AsReceive(receive));

    void IUntypedActorContext.BecomeStacked(UntypedReceive receive) => BecomeStacked(AsReceive(receive));

    public void Stop() => _self.Stop();

    public ActorSelection ActorSelection(string path) => ActorRefFactoryShared.ActorSelection(path, _system, _self);

    public ActorSelection ActorSelection(ActorPath path) => ActorRefFactoryShared.ActorSelection(path, _system);

    /// <summary>Any thread.</summary>
    public virtual void SendMessage(Envelope message) => _dispatcher.Dispatch(this, message);

    /// <summary>Any thread.</summary>
    public virtual void SendMessage(IActorRef sender, object message) => _dispatcher.Dispatch(this, new Envelope(message, sender, _system));

    /// <summary>Any thread.</summary>
    public virtual void SendSystemMessage(ISystemMessage systemMessage) => _dispatcher.SystemDispatch(this, (SystemMessage)systemMessage);

    /// <summary>Any thread; the actor starts when its mailbox is attached by <see cref="Start"/>.</summary>
    internal void Init(MailboxType mailboxType)
    {
        var mailbox = new Mailbox(mailboxType.Create(_self, _system));
        mailbox.SetActor(this);
        mailbox.SystemEnqueue(_self, new Create());
        Volatile.Write(ref _mailbox, mailbox);
    }

    public virtual void Start() => _dispatcher.Attach(this);

    internal Mailbox SwapMailbox(Mailbox mailbox) => Interlocked.Exchange(ref _mailbox, mailbox);

    /// <summary>The stash capacity of the actor's Props or else of its mailbox; zero or less for no bound.</summary>
    internal int StashCapacity() => _props.StashCapacity != Props.NoStashCapacity
        ? _props.StashCapacity
        : _system.Settings.Config.GetInt((_props.Mailbox.Length > 0 ? _props.Mailbox : Mailboxes.DefaultMailboxId) + ".stash-capacity", -1);

    internal void PublishError(Exception cause, string message) =>
        _system.EventStream.Publish(new Event.Error(cause, _self.Path.ToString(), ActorType, message));

    private Type ActorType => _actor?.GetType() ?? GetType();

    private void DebugLifecycle(string message)
    {
        if (_system.Settings.DebugLifecycle) _system.EventStream.Publish(new Event.Debug(_self.Path.ToString(), ActorType, message));
    }

    private static Receive AsReceive(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };
}
