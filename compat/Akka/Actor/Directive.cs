namespace Akka.Actor;

/// <summary>The answers to a failed child.</summary>
public enum Directive
{
    /// <summary>Go on with the next message and keep the state.</summary>
    Resume = 0,

    /// <summary>Replace the instance and go on with the next message.</summary>
    Restart = 1,

    /// <summary>Fail in turn.</summary>
    Escalate = 2,

    /// <summary>Stop for good.</summary>
    Stop = 3,
}
