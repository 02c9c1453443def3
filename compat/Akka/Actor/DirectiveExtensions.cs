namespace Akka.Actor;

/// <summary>Writes a decider's rule as <c>Directive.Stop.When&lt;TException&gt;()</c>.</summary>
public static class DirectiveExtensions
{
    public static KeyValuePair<Type, Directive> When<TException>(this Directive self)
        where TException : Exception => new(typeof(TException), self);
}
