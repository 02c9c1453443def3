using BenchmarkDotNet.Running;
using UdsBroker.Bench.Micro;

// dotnet run -c Release --project bench/Micro -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(AllocatesAtMostAttribute).Assembly).Run(args);
