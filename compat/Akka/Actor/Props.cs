using System.Linq.Expressions;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// How to make an actor: its type and constructor arguments, and optionally dispatcher, mailbox, stash size and strategy.
/// Immutable. Two are equal if they name the same type, dispatcher, mailbox and stash size and as many arguments.
/// </summary>
public partial class Props : IEquatable<Props>, ISurrogated
{
    public static readonly Props None = null;

    internal const int NoStashCapacity = -1;

    private const string TypeMissing = "Props must be instantiated with an actor type.";

    private readonly IIndirectActorProducer _producer;
    private string _dispatcher = "";

    protected Props()
        : this(typeof(ActorBase))
    {
    }

    protected Props(Props copy)
    {
        _producer = copy._producer;
        _dispatcher = copy._dispatcher;
        Arguments = copy.Arguments;
        Mailbox = copy.Mailbox;
        StashCapacity = copy.StashCapacity;
        SupervisorStrategy = copy.SupervisorStrategy;
    }

    public Props(Type type, object[] args)
        : this(ProducerOf(type, args), args, null)
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
        : this(ProducerOf(type, args), args, supervisorStrategy)
    {
    }

    private Props(IIndirectActorProducer producer, object[] args, SupervisorStrategy supervisorStrategy)
    {
        ArgumentNullException.ThrowIfNull(producer);
        _producer = producer;
        Arguments = args ?? [];
        SupervisorStrategy = supervisorStrategy;
    }

    public static Props Empty { get; } = new(typeof(EmptyActor));

    public Type Type => _producer.ActorType;

    public string Dispatcher => _dispatcher.Length > 0 ? _dispatcher : Dispatch.Dispatchers.DefaultDispatcherId;

    /// <summary>The path of the mailbox's configuration, empty for the one that the actor's type or the default asks for.</summary>
    public string Mailbox { get; private set; } = "";

    public SupervisorStrategy SupervisorStrategy { get; protected set; }

    public object[] Arguments { get; }

    internal int StashCapacity { get; private set; } = NoStashCapacity;

    /// <summary>
    /// Takes the arguments of the constructor call in an expression; they are evaluated now, once, and used for every restart. The
    /// constructor is found by them, as for <see cref="Create(Type, object[])"/>. An expression that ends in a cast is called anew for each instance.
    /// </summary>
    /// <exception cref="InvalidCastException">The expression neither calls a constructor nor ends in a cast.</exception>
    /// <exception cref="ArgumentException">An argument could not be evaluated.</exception>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is UnaryExpression) return new DynamicProps<TActor>(factory.Compile());
        var args = ArgumentValues.Of((NewExpression)factory.Body);
        return new Props(new ActivatingProducer(typeof(TActor), args), args, supervisorStrategy);
    }

    public static Props Create<TActor>(params object[] args)
        where TActor : ActorBase => new(new ActivatingProducer(typeof(TActor), args ?? []), args, null);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() => new(typeof(TActor), supervisorStrategy);

    /// <exception cref="ArgumentException">The type is neither an actor nor an <see cref="IIndirectActorProducer"/>.</exception>
    public static Props Create(Type type, params object[] args) => new(type, args);

    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) => new(producer, args, null);

    public Props WithMailbox(string mailbox) => With(props => props.Mailbox = mailbox ?? "");

    public Props WithDispatcher(string dispatcher) => With(props => props._dispatcher = dispatcher ?? "");

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
            throw new TypeLoadException(
                $"Error while creating actor instance of type {Type} with {Arguments.Length} args: ({string.Join(',', Arguments)})", e);
        }
    }

    public bool Equals(Props other) =>
        other is not null
        && Type == other.Type
        && _dispatcher == other._dispatcher
        && Mailbox == other.Mailbox
        && StashCapacity == other.StashCapacity
        && Arguments.Length == other.Arguments.Length;

    public override bool Equals(object obj) => obj?.GetType() == GetType() && Equals((Props)obj);

    public override int GetHashCode() => HashCode.Combine(Type, _dispatcher, Mailbox);

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => throw new NotSupportedException("Props do not leave the process.");

    internal void Release(ActorBase actor) => _producer.Release(actor);

    protected virtual Props Copy() => new(this);

    private Props With(Action<Props> change)
    {
        var copy = Copy();
        change(copy);
        return copy;
    }

    private static IIndirectActorProducer ProducerOf(Type type, object[] args)
    {
        if (type is null) throw new ArgumentNullException(nameof(type), TypeMissing);
        if (typeof(IIndirectActorProducer).IsAssignableFrom(type)) return (IIndirectActorProducer)Activator.CreateInstance(type, args);
        if (!typeof(ActorBase).IsAssignableFrom(type)) throw new ArgumentException($"Unknown actor producer [{type.FullName}]", nameof(type));
        return new ActivatingProducer(type, args ?? []);
    }
}
