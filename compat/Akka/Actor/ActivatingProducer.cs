using System.Collections.Concurrent;
using System.Reflection;

namespace Akka.Actor;

/// <summary>
/// Makes actors by calling the public constructor for the given arguments. It is looked up once per Props where only one can be
/// meant, and all Props share its invoker, which becomes fast with use; otherwise the arguments decide at each call.
/// </summary>
internal sealed class ActivatingProducer : IIndirectActorProducer
{
    private static readonly ConcurrentDictionary<ConstructorInfo, ConstructorInvoker> Invokers = new();

    private readonly ConstructorInvoker _constructor;
    private readonly object[] _args;

    public ActivatingProducer(Type type, object[] args)
    {
        ActorType = type;
        _args = args;
        if (type.IsAbstract || type.ContainsGenericParameters) return;
        var candidates = type.GetConstructors().Where(candidate => candidate.GetParameters().Length == args.Length).ToArray();
        if (candidates.Length == 1 && Fits(candidates[0], args)) _constructor = InvokerOf(candidates[0]);
    }

    public Type ActorType { get; }

    public ActorBase Produce()
    {
        if (_constructor is not null)
        {
            try
            {
                return (ActorBase)_constructor.Invoke(_args.AsSpan());
            }
            catch (Exception e)
            {
                // The invoker lets it through as it is; the activator, which the real package uses, wraps it.
                throw new TargetInvocationException(e);
            }
        }

        return (ActorBase)Activator.CreateInstance(ActorType, _args);
    }

    public void Release(ActorBase actor)
    {
    }

    private static ConstructorInvoker InvokerOf(ConstructorInfo constructor) =>
        Invokers.GetOrAdd(constructor, static of => ConstructorInvoker.Create(of));

    private static bool Fits(ConstructorInfo constructor, object[] args)
    {
        var parameters = constructor.GetParameters();
        for (var i = 0; i < args.Length; i++)
        {
            var type = parameters[i].ParameterType;
            if (args[i] is null ? type.IsValueType && Nullable.GetUnderlyingType(type) is null : !type.IsInstanceOfType(args[i])) return false;
        }

        return true;
    }
}
