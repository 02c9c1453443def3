using System.Collections.Concurrent;
using System.Reflection;

namespace Akka.Actor;

/// <summary>
/// Makes actors by calling the public constructor for the given arguments. Where only one can be meant all Props share its invoker,
/// which becomes fast with use; otherwise the arguments decide at each call.
/// </summary>
internal sealed class ActivatingProducer : IIndirectActorProducer
{
    private static readonly ConcurrentDictionary<Type, Candidate[]> Known = new();

    private readonly ConstructorInvoker _constructor;
    private readonly object[] _args;

    public ActivatingProducer(Type type, object[] args)
    {
        ActorType = type;
        _args = args;
        Candidate only = null;
        foreach (var candidate in Known.GetOrAdd(type, CandidatesOf))
        {
            if (candidate.Parameters.Length != args.Length) continue;
            if (only is not null) return;
            only = candidate;
        }

        if (only is not null && Fits(only.Parameters, args)) _constructor = only.Invoker;
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

    /// <summary>None for a type of which there are no instances, and for one whose constructors take any number of arguments.</summary>
    private static Candidate[] CandidatesOf(Type type)
    {
        if (type.IsAbstract || type.ContainsGenericParameters) return [];
        var constructors = type.GetConstructors();
        if (constructors.Any(constructor => constructor.GetParameters().Any(parameter => parameter.IsDefined(typeof(ParamArrayAttribute))))) return [];
        return
        [
            .. constructors.Select(constructor => new Candidate(
                [.. constructor.GetParameters().Select(parameter => parameter.ParameterType)], ConstructorInvoker.Create(constructor))),
        ];
    }

    private static bool Fits(Type[] parameters, object[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var type = parameters[i];
            if (args[i] is null ? type.IsValueType && Nullable.GetUnderlyingType(type) is null : !type.IsInstanceOfType(args[i])) return false;
        }

        return true;
    }

    private sealed record Candidate(Type[] Parameters, ConstructorInvoker Invoker);
}
