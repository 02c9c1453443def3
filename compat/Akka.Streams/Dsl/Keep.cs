using System.Reflection;

namespace Akka.Streams.Dsl;

/// <summary>The usual ways to combine two materialized values.</summary>
public static class Keep
{
    public static TLeft Left<TLeft, TRight>(TLeft left, TRight right) => left;

    public static TRight Right<TLeft, TRight>(TLeft left, TRight right) => right;

    public static (TLeft, TRight) Both<TLeft, TRight>(TLeft left, TRight right) => (left, right);

    public static NotUsed None<TLeft, TRight>(TLeft left, TRight right) => NotUsed.Instance;

    public static bool IsLeft<T1, T2, T3>(Func<T1, T2, T3> fn) => Is(fn.GetMethodInfo(), nameof(Left));

    public static bool IsRight<T1, T2, T3>(Func<T1, T2, T3> fn) => Is(fn.GetMethodInfo(), nameof(Right));

    private static bool Is(MethodInfo method, string name) => method.DeclaringType == typeof(Keep) && method.Name == name;
}
