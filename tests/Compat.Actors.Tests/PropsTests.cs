using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class PropsTests
{
    [Fact]
    public async Task A_type_and_arguments_or_an_expression_or_a_producer_make_the_same_actor()
    {
        await using var test = new TestSystem();
        var number = 20;
        var byExpression = test.System.ActorOf(Props.Create(() => new Adds(number + 1, null)));
        number = 0;
        Assert.Equal(31, await byExpression.AskFor<int>(10));
        Assert.Equal(15, await test.System.ActorOf(Props.Create<Adds>(5, null)).AskFor<int>(10));
        var type = typeof(Adds);
        Assert.Equal(16, await test.System.ActorOf(Props.Create(type, 6, "text")).AskFor<int>(10));
        Assert.Equal(17, await test.System.ActorOf(Props.CreateBy(new Producer())).AskFor<int>(10));
        Assert.Equal(17, await test.System.ActorOf(Props.Create(typeof(Producer))).AskFor<int>(10));
    }

    [Fact]
    public async Task An_expression_that_ends_in_a_cast_is_called_for_each_instance()
    {
        await using var test = new TestSystem();
        var number = 20;
        var props = Props.Create(() => (ActorBase)new Adds(number, null));
        Assert.Equal(typeof(ActorBase), props.Type);
        Assert.Equal(30, await test.System.ActorOf(props).AskFor<int>(10));
        number = 30;
        Assert.Equal(40, await test.System.ActorOf(props.WithStashCapacity(5)).AskFor<int>(10));
    }

    [Fact]
    public void An_expression_that_is_no_constructor_call_is_refused()
    {
        Assert.Throws<InvalidCastException>(() => Props.Create(() => Make()));
        Assert.Throws<InvalidCastException>(() => Props.Create(() => new Overloaded("") { Number = 1 }));
    }

    [Fact]
    public void An_argument_that_cannot_be_evaluated_is_refused()
    {
        string? missing = null;
        Assert.Throws<ArgumentException>(() => Props.Create(() => new Adds(missing!.Length, "")));
    }

    [Fact]
    public void A_type_that_is_neither_an_actor_nor_a_producer_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Props.Create(typeof(string)));
        Assert.Throws<ArgumentException>(() => new Props(typeof(string)));
        Assert.Throws<ArgumentNullException>(() => Props.Create((Type)null!));
        Assert.Throws<ArgumentNullException>(() => new Props((Type)null!));
    }

    [Fact]
    public async Task The_values_of_the_arguments_choose_the_constructor_also_for_an_expression()
    {
        await using var test = new TestSystem();
        object text = "text";
        Assert.Equal("string", await test.System.ActorOf(Props.Create(() => new Overloaded(text))).AskFor<string>("?"));
        Assert.Equal("string", await test.System.ActorOf(Props.Create(() => new Overloaded((object)null!))).AskFor<string>("?"));
        Assert.Equal("object", await test.System.ActorOf(Props.Create<Overloaded>(1)).AskFor<string>("?"));
        Assert.Equal(2, await test.System.ActorOf(Props.Create<Variable>("one", "two")).AskFor<int>("?"));
        Assert.Equal(0, await test.System.ActorOf(Props.Create<Variable>()).AskFor<int>("?"));
    }

    [Theory]
    [InlineData(typeof(Adds), new object[] { 1 })]
    [InlineData(typeof(Adds), new object[] { 1, "", 3 })]
    [InlineData(typeof(Adds), new object[] { "", 1 })]
    [InlineData(typeof(Optional), new object[] { 1 })]
    [InlineData(typeof(ActorBase), new object[] { })]
    public async Task There_must_be_a_constructor_for_the_given_arguments(Type type, object[] args)
    {
        await using var test = new TestSystem();
        var failure = new TaskCompletionSource<Exception>();
        var parent = test.System.ActorOf(Recorder.Props(test.CreateProbe(), "p", new OneForOneStrategy(cause =>
        {
            failure.TrySetResult(cause);
            return Directive.Stop;
        })));
        await parent.Spawn(Props.Create(type, args), "child");
        var seen = Assert.IsType<TypeLoadException>((await failure.Task.InTime()).InnerException);
        Assert.Equal($"Error while creating actor instance of type {type} with {args.Length} args: ({string.Join(',', args)})", seen.Message);
        Assert.IsType<MissingMethodException>(seen.InnerException);
    }

    [Fact]
    public void Two_that_name_the_same_type_and_as_many_arguments_are_equal()
    {
        var props = Props.Create<Overloaded>("x");
        Assert.Equal(props, Props.Create(() => new Overloaded("y")));
        Assert.Equal(props, props.WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop)));
        Assert.NotEqual(props, Props.Create<Overloaded>());
        Assert.NotEqual(props, Props.Create<Variable>("x"));
        Assert.NotEqual(props, props.WithMailbox("m"));
        Assert.NotEqual(props, props.WithStashCapacity(1));
        Assert.NotEqual(props, props.WithDispatcher(props.Dispatcher));
    }

    [Fact]
    public void What_is_not_given_is_the_default_dispatcher_and_no_mailbox()
    {
        var props = Props.Create<Overloaded>("x");
        Assert.Equal("akka.actor.default-dispatcher", props.Dispatcher);
        Assert.Equal("", props.Mailbox);
        Assert.Equal(props.Dispatcher, props.WithDispatcher(null).Dispatcher);
        Assert.Equal("", props.WithMailbox(null).Mailbox);
        Assert.Null(Props.None);
    }

    private static Adds Make() => null!;

    private sealed class Producer : IIndirectActorProducer
    {
        public Type ActorType => typeof(Adds);

        public ActorBase Produce() => new Adds(7, null);

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class Adds : UntypedActor
    {
        private readonly int _number;

        public Adds(int number, string? text)
        {
            _ = text;
            _number = number;
        }

        protected override void OnReceive(object message) => Sender.Tell((int)message + _number);
    }

    private sealed class Overloaded : UntypedActor
    {
        private readonly string _chosen;

        public Overloaded(string text)
        {
            _ = text;
            _chosen = "string";
        }

        public Overloaded(object value)
        {
            _ = value;
            _chosen = "object";
        }

        public int Number { get; set; }

        protected override void OnReceive(object message) => Sender.Tell(_chosen);
    }

    private sealed class Optional : UntypedActor
    {
        public Optional(int first, int second = 2) => _ = first + second;

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class Variable : UntypedActor
    {
        private readonly int _count;

        public Variable(params string[] texts) => _count = texts.Length;

        protected override void OnReceive(object message) => Sender.Tell(_count);
    }
}
