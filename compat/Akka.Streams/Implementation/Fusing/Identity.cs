using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Hands elements on; <see cref="Dsl.Flow.Create{T}"/> begins with it and it gives way to the first real operator.</summary>
internal sealed class Identity<T> : LinearStage<T, T>
{
    public static readonly Identity<T> Instance = new();

    /// <summary>The module of a flow to which nothing has been added, not even a name.</summary>
    public static readonly IModule EmptyFlow = Instance.Module;

    private Identity()
        : base("identityOp")
    {
    }

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic(Identity<T> stage) : LinearLogic(stage)
    {
        public override void OnPush() => Push(Out, Grab(In));
    }
}
