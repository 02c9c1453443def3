namespace Akka.Streams.Supervision;

/// <summary>The three deciders that answer the same whatever the exception.</summary>
public static class Deciders
{
    public static readonly Decider StoppingDecider = static _ => Directive.Stop;

    public static readonly Decider ResumingDecider = static _ => Directive.Resume;

    public static readonly Decider RestartingDecider = static _ => Directive.Restart;
}
