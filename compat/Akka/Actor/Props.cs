using System.Linq.Expressions;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// How to make an actor: its type and constructor arguments, and optionally dispatcher, mailbox, stash size and strategy.
/// Immutable.
/// </summary>
public partial class Props : IEquatable<Props>, ISurrogated
{
    public static readonly Props None = new(typeof(UnavailableActor));

    private readonly IIndirectActorProducer _producer;

    protected Props()
    {
    }

    protected Props(Props copy)
    {
        _producer = copy._producer;
        Arguments = copy.Arguments;
        Dispatcher = copy.Dispatcher;
        Mailbox = copy.Mailbox;
        StashCapacity = copy.StashCapacity;
        SupervisorStrategy = copy.SupervisorStrategy;
    }

    public Props(Type type, object[] args)
        : this(new ActivatingProducer(type, args ?? []), args, null)
    {
    }

    public Props(Type type)
        : this(type, [])
    {
    }

    public Props(Type type, SupervisorStrategy supervisorStrategy, IEnumerable<object> args)
        : this(type, supervisorStrategy, args.ToArray())
    {
    }

    public Props(Type type, SupervisorStrategy supervisorStrategy, params object[] args)
        : this(new ActivatingProducer(type, args), args, supervisorStrategy)
    {
    }

    private Props(IIndirectActorProducer producer, object[] args, SupervisorStrategy supervisorStrategy)
    {
        _producer = producer;
        Arguments = args ?? [];
        SupervisorStrategy = supervisorStrategy;
    }

    public static Props Empty { get; } = new(typeof(EmptyActor));

    public Type Type => _producer.ActorType;

    public string Dispatcher { get; private set; } = Dispatch.Dispatchers.DefaultDispatcherId;

    /// <summary>The path of the mailbox's configuration, null for the one that the actor's type or the default asks for.</summary>
    public string Mailbox { get; private set; }

    public SupervisorStrategy SupervisorStrategy { get; protected set; }

    public object[] Arguments { get; }

    internal int StashCapacity { get; private set; } = -1;

    /// <summary>Takes the constructor call from an expression; the arguments are evaluated now, once, and used for every restart.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy supervisorStrategy = null)
        where TActor : ActorBase
    {
        var call = (NewExpression)factory.Body;
        var args = ArgumentValues.Of(call);
        return new Props(new ActivatingProducer(call.Constructor, args), args, supervisorStrategy);
    }

    public static Props Create<TActor>(params object[] args)
        where TActor : ActorBase => new(typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() => new(typeof(TActor), supervisorStrategy);

    public static Props Create(Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type, nameof(type));
        return new Props(type, args);
    }

    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) => new(producer, args, null);

    public Props WithMailbox(string mailbox) => With(props => props.Mailbox = mailbox);

    public Props WithDispatcher(string dispatcher) => With(props => props.Dispatcher = dispatcher);

    public Props WithStashCapacity(int stashCapacity) => With(props => props.StashCapacity = stashCapacity);

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) =>
        With(props => props.SupervisorStrategy = supervisorStrategy);

    /// <exception cref="TypeLoadException">There is no constructor for the arguments, or it threw; the inner exception says which.</exception>
    public virtual ActorBase NewActor()
    {
        try
        {
            return _producer.Produce();
        }
        catch (Exception e)
        {
            throw new TypeLoadException($"No actor of type {Type} could be made with {Arguments.Length} arguments", e);
        }
    }

    public bool Equals(Props other) =>
        other is not null
        && Type == other.Type
        && Dispatcher == other.Dispatcher
        && Mailbox == other.Mailbox
        && Equals(SupervisorStrategy, other.SupervisorStrategy)
        && Arguments.SequenceEqual(other.Arguments);

    public override bool Equals(object obj) => Equals(obj as Props);

    public override int GetHashCode() => HashCode.Combine(Type, Dispatcher, Mailbox);

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => throw new NotSupportedException("Props do not leave the process.");

    internal void Release(ActorBase actor) => _producer.Release(actor);

    protected virtual Props Copy() => new(this);

    private Props With(Action<Props> change)
    {
        var copy = Copy();
        change(copy);
        return copy;
    }
}
